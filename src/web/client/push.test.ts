// What the page is told of changes: a letter that moved, also where its row was read again before the server's word of it came.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId, type LetterId, type MailboxId } from '#base/ids.ts';
import { ok } from '#base/result.ts';
import type { PageEvent } from '../backend.ts';
import type { JmapClient, Members } from './jmap-client.ts';
import { Push } from './push.ts';

const LETTER = newId<LetterId>();
const [INBOX, TRASH] = [newId<MailboxId>(), newId<MailboxId>()];

/** Says of every change that this one letter changed, and that it lies in the trash. */
const jmap: Pick<JmapClient, 'run'> = {
  run: async (calls) => ok(calls.map(([method]) => answers[method] ?? {})),
};
const answers: Readonly<Record<string, Members>> = {
  'Email/changes': { newState: '2', hasMoreChanges: false, created: [], updated: [LETTER], destroyed: [] },
  'Email/get': {
    state: '1',
    list: [
      {
        id: LETTER,
        blobId: 'b',
        mailboxIds: { [TRASH]: true },
        keywords: {},
        size: 1,
        receivedAt: '2026-11-22T10:00:00Z',
      },
    ],
  },
};

async function toldOf(places: readonly MailboxId[]): Promise<readonly PageEvent[]> {
  const told: PageEvent[] = [];
  const listeners = new Map<string, (event: { readonly data?: unknown }) => void>();
  const push = new Push({
    jmap: { ...jmap } as JmapClient,
    openStream: () => ({
      addEventListener: (kind, listener) => void listeners.set(kind, listener),
      close: () => undefined,
      readyState: 1,
    }),
    onLetters: () => undefined,
  });
  const stop = push.onChange((event) => told.push(event));
  for (const place of places) push.place(LETTER, [place]);
  listeners.get('state')?.({ data: '{"Email":"2"}' });
  for (let round = 0; round < 20; round++) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  stop();
  return told;
}

test('a letter that moved is told for the mailbox it left and the one it lies in', async () => {
  const moved = (await toldOf([INBOX])).find(({ kind }) => kind === 'letters');
  assert.deepEqual(moved, { kind: 'letters', mailboxIds: [INBOX, TRASH], arrived: [] });
});

test('so is one whose row was read before the server told of the move', async () => {
  const moved = (await toldOf([INBOX, TRASH])).find(({ kind }) => kind === 'letters');
  assert.deepEqual(moved, { kind: 'letters', mailboxIds: [INBOX, TRASH], arrived: [] });
});

test('one that lies where it lay is no news for any list', async () => {
  assert.equal(
    (await toldOf([TRASH])).some(({ kind }) => kind === 'letters'),
    false,
  );
});
