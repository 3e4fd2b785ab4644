// One draft on two devices, as a person knows it: neither writes over what the other wrote, and nothing is taken for sent that was not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { manualClock } from '#base/clock.ts';
import type { ItemId } from '#base/ids.ts';
import { makeMailbox, NOW_MS } from '#vault/sealing/test-mailbox.ts';
import type { Draft, Writing } from '#web/writing.ts';
import { SealedServer, sessionAt } from '../../../../test/fakes/sealed-server.ts';
import { createWriting } from './writing-client.ts';

const OPTIONS = { undoMs: 10_000, sendAtMs: undefined, unsealed: [] };
const owner = await makeMailbox('anna@siegel.test');
const reader = await makeMailbox('ben@siegel.test');

interface Desk {
  readonly server: SealedServer;
  readonly here: Writing;
  readonly there: Writing;
  /** Kept by `here`, opened by `there`. */
  readonly id: ItemId;
}

const draft = (plainText: string, id?: ItemId): Draft => ({
  id,
  identityId: 'I0',
  to: [{ name: '', address: reader.address }],
  cc: [],
  bcc: [],
  subject: 'Der Weinberg',
  plainHtml: undefined,
  plainText,
  files: [],
  answers: undefined,
});

async function desk(): Promise<Desk> {
  const server = new SealedServer([owner.address]);
  for (const one of [owner, reader])
    server.keys.set(one.address, { source: 'house', certificate: one.made.certificate });
  const clock = manualClock(NOW_MS);
  const open = async () => createWriting(await sessionAt(server, owner), clock, () => []);
  const [here, there] = [await open(), await open()];
  const saved = await here.saveDraft(draft('erstens'));
  assert.ok(saved.ok);
  assert.ok((await there.openDraft(saved.value.id)).ok);
  return { server, here, there, id: saved.value.id };
}

const textsOf = async (writing: Writing) => (await writing.drafts()).map(({ snippet }) => snippet).toSorted();
const changedElsewhere = { ok: false, error: { kind: 'changed-elsewhere' } };

test('what another device wrote is news, what this one wrote is not', async () => {
  const { here, there, id } = await desk();
  assert.deepEqual([await here.lookAtDraft(id), await there.lookAtDraft(id)], ['same', 'same']);
  assert.ok((await here.saveDraft(draft('zweitens', id))).ok);
  assert.deepEqual([await here.lookAtDraft(id), await there.lookAtDraft(id)], ['same', 'changed']);
  assert.ok((await there.openDraft(id)).ok);
  assert.equal(await there.lookAtDraft(id), 'same');
});

test('a draft changed elsewhere is not written over, and what is written here is kept beside it', async () => {
  const { here, there, id } = await desk();
  assert.ok((await here.saveDraft(draft('von hier', id))).ok);
  assert.deepEqual(await there.saveDraft(draft('von dort', id)), changedElsewhere);
  assert.deepEqual(await there.send(draft('von dort', id), OPTIONS), changedElsewhere);
  assert.ok((await there.saveDraft(draft('von dort'))).ok);
  assert.deepEqual(await textsOf(here), ['von dort', 'von hier']);
});

test('one that was read again may be written on', async () => {
  const { here, there, id } = await desk();
  assert.ok((await here.saveDraft(draft('von hier', id))).ok);
  assert.ok((await there.openDraft(id)).ok);
  assert.ok((await there.saveDraft(draft('von hier und dort', id))).ok);
  assert.deepEqual(await textsOf(here), ['von hier und dort']);
});

test('sent or thrown away elsewhere, it is said, and what was written here is not taken for sent', async () => {
  const { server, here, there, id } = await desk();
  assert.ok((await here.send(draft('von hier', id), OPTIONS)).ok);
  assert.equal(await there.lookAtDraft(id), 'sent');
  assert.equal(await here.lookAtDraft(id), 'same');
  assert.deepEqual(await there.send(draft('von dort', id), OPTIONS), changedElsewhere);
  assert.deepEqual(await there.saveDraft(draft('von dort', id)), changedElsewhere);
  assert.equal(server.submissions.length, 1);
  const other = await desk();
  assert.ok((await other.here.dropDraft(other.id)).ok);
  assert.equal(await other.there.lookAtDraft(other.id), 'gone');
  const kept = await other.there.saveDraft(draft('von dort', other.id));
  assert.ok(kept.ok && kept.value.id !== other.id);
});

test('a save whose answer was lost is this page’s own and not another device’s', async () => {
  const { server, here, id } = await desk();
  server.after = (name) => {
    if (name === 'SealedItem/set') throw new TypeError('the connection broke');
    return undefined;
  };
  assert.deepEqual(await here.saveDraft(draft('zweitens', id)), { ok: false, error: { kind: 'no-connection' } });
  server.after = () => undefined;
  assert.equal(await here.lookAtDraft(id), 'same');
  assert.ok((await here.saveDraft(draft('drittens', id))).ok);
});

test('a draft written on elsewhere while its letter leaves stays a draft with those words', async () => {
  const { server, here, there, id } = await desk();
  let isOver = false;
  server.meanwhile = async (methods) => {
    if (!methods.includes('EmailSubmission/set') || isOver) return;
    isOver = true;
    assert.ok((await there.openDraft(id)).ok);
    assert.ok((await there.saveDraft(draft('noch etwas', id))).ok);
  };
  assert.ok((await here.send(draft('von hier', id), OPTIONS)).ok);
  assert.equal(server.submissions.length, 1);
  assert.deepEqual(await textsOf(there), ['noch etwas']);
  const open = requireValue((await there.drafts())[0], 'the draft').id;
  assert.ok((await there.openDraft(open)).ok);
  assert.ok((await there.send(draft('noch etwas', open), OPTIONS)).ok);
  assert.equal(server.submissions.length, 2);
});
