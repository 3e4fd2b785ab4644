// A letter lies in one mailbox or several, never in none.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId, type LetterId, type MailboxId } from '#base/ids.ts';
import type { MailboxInfo, MailboxRole } from '../backend.ts';
import { afterMove, alike, labelsOf, unreadShift, withLabel, withoutLabel } from './labels.ts';
import { labelTick } from './label-tick.ts';

function box(name: string, role?: MailboxRole): MailboxInfo {
  return { id: newId<MailboxId>(), role, name, parentId: undefined, sortOrder: 0, total: 0, unread: 0 };
}
const inbox = box('Inbox', 'inbox');
const archive = box('Archive', 'archive');
const trash = box('Trash', 'trash');
const court = box('Court');
const taxes = box('Taxes');
const boxes = [inbox, archive, trash, court, taxes];

test('archiving from the inbox keeps every label', () => {
  const move = { to: archive, here: inbox.id, boxes };
  assert.deepEqual(afterMove([inbox.id, court.id], move), [archive.id, court.id]);
  assert.deepEqual(afterMove([inbox.id], move), [archive.id]);
});

test('archiving from a folder takes the letter out of it', () => {
  assert.deepEqual(afterMove([inbox.id, court.id, taxes.id], { to: archive, here: court.id, boxes }), [
    archive.id,
    taxes.id,
  ]);
});

test('the trash keeps no label, and a move out of a search leaves every other place', () => {
  assert.deepEqual(afterMove([inbox.id, court.id], { to: trash, here: inbox.id, boxes }), [trash.id]);
  assert.deepEqual(afterMove([inbox.id, court.id], { to: taxes, here: undefined, boxes }), [taxes.id]);
});

test('a label is added beside the place a letter has, and twice is once', () => {
  const once = withLabel([inbox.id], court.id, boxes);
  assert.deepEqual(once, [inbox.id, court.id]);
  assert.deepEqual(withLabel(once, court.id, boxes), once);
});

test('a label takes a letter out of the trash: what is filed is not emptied away', () => {
  assert.deepEqual(withLabel([trash.id], court.id, boxes), [court.id]);
});

test('a letter that loses its last place lies in the archive', () => {
  assert.deepEqual(withoutLabel([inbox.id, court.id], court.id, boxes), [inbox.id]);
  assert.deepEqual(withoutLabel([court.id], court.id, boxes), [archive.id]);
  assert.deepEqual(withoutLabel([court.id], court.id, [court]), [court.id], 'without an archive it stays');
});

test('a row shows the folders one does not look at, and none for places with a role', () => {
  const names = (here: MailboxId | undefined, ...ids: MailboxId[]): string[] =>
    labelsOf({ mailboxIds: ids }, boxes, here).map((found) => found.name);
  assert.deepEqual(names(inbox.id, inbox.id, court.id, taxes.id), ['Court', 'Taxes']);
  assert.deepEqual(names(court.id, inbox.id, court.id), []);
  assert.deepEqual(names(undefined, court.id), ['Court']);
});

test('a tick says all, some or none of the letters', () => {
  const row = (...mailboxIds: MailboxId[]) => ({
    id: newId<LetterId>(),
    mailboxIds,
    keywords: [],
    from: [],
    to: [],
    subject: '',
    snippet: '',
    receivedMs: 0,
    sizeBytes: 0,
    attachmentsCount: 0,
    sign: 'on-arrival' as const,
    expiresMs: undefined,
    altered: false,
    threadCount: 1,
  });
  assert.equal(labelTick([row(court.id), row(court.id, inbox.id)], court.id), 'all');
  assert.equal(labelTick([row(court.id), row(inbox.id)], court.id), 'some');
  assert.equal(labelTick([row(inbox.id), undefined], court.id), 'none');
});

test('unread counts follow unread letters only, and letters that lie alike are saved together', () => {
  const [one, two] = [newId<LetterId>(), newId<LetterId>()];
  const before = new Map([
    [one, [inbox.id]],
    [two, [inbox.id]],
  ]);
  const after = new Map([
    [one, [archive.id, court.id]],
    [two, [court.id, archive.id]],
  ]);
  const shift = unreadShift([one], before, after);
  assert.deepEqual([shift.get(inbox.id), shift.get(archive.id), shift.get(court.id)], [-1, 1, 1]);
  assert.equal(alike(after).length, 1);
});
