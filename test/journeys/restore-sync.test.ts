// A client that follows changes through rebuilds, undos and restores ends equal to one that loads anew; no UID ever names two letters.

import { serve } from '@hono/node-server';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { systemClock } from '#base/clock.ts';
import { newId, type InstanceId, type SessionId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { createJmap } from '#office/jmap/jmap.ts';
import { makeLetter, makeSignUp, mustCommit, type TestAccount } from '#vault/database/test-house.ts';
import { doRandomThings } from '#vault/database/test-operations.ts';
import { restoreTo, type RestoreOrder } from '#vault/safeguards/generations/restore-to.ts';
import { openGenerationHouse, type GenerationHouse } from '#vault/safeguards/generations/test-generations.ts';
import { Follower } from '../follower.ts';

const isLong = process.env['SIEGEL_LONG'] !== undefined;
const OPERATIONS = isLong ? 5_000 : 1_000;
const PARTS = 10;

const scratch = mkdtempSync(join(tmpdir(), 'sgl-sync-'));
chmodSync(scratch, 0o755);
after(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

test(`${OPERATIONS} operations, a rebuild, an undo and a restore: who only follows ends equal to who loads anew`, async (t) => {
  await using house = await openGenerationHouse({
    scratch,
    folder: join(scratch, 'a'),
    instanceId: newId<InstanceId>(),
  });
  const accounts: TestAccount[] = [];
  await doRandomThings(house.door, accounts, 40);
  const anna = requireValue(accounts[0], 'an account');
  await using jmap = await serveJmap(house, anna);
  const follower = new Follower(jmap.url, { accountId: anna.id, token: jmap.token });
  await follower.load();
  const names = new Names();
  for (let part = 0; part < PARTS; part++) {
    await doRandomThings(house.door, accounts, Math.floor(OPERATIONS / PARTS));
    await follower.catchUp();
    if (part === 2) await restore(house, anna, { base: { kind: 'journal' }, reason: 'rebuilt', why: 'part 2' });
    if (part === 4) await undoRemoval(house, anna, follower);
    if (part === 6) await restoreFromWrongStatement(house, anna, follower);
    if (part === 8) await undoRemoval(house, anna, follower);
    await house.quiet();
    await names.take(house);
  }
  const followed = await follower.catchUp();
  const reloaded = await new Follower(jmap.url, { accountId: anna.id, token: jmap.token }).load();
  t.diagnostic(JSON.stringify({ letters: reloaded.emails.size, reloads: follower.reloads, uids: names.size }));
  assert.deepEqual(followed, reloaded);
  assert.ok(reloaded.emails.size > 20 && names.size > 100);
  assert.ok(follower.reloads >= 4, 'each switch tells it to load again');
});

test('twin: with an era that is not raised, a client that follows is never told what a restore brought back', async () => {
  await using house = await openGenerationHouse({
    scratch,
    folder: join(scratch, 'b'),
    instanceId: newId<InstanceId>(),
  });
  const { account: anna, command } = makeSignUp('anna@siegel.test');
  await mustCommit(house.door, anna.id, command);
  for (let n = 0; n < 6; n++) await keep(house, anna);
  await house.quiet();
  await using jmap = await serveJmap(house, anna);
  const follower = new Follower(jmap.url, { accountId: anna.id, token: jmap.token });
  await follower.load();
  const removed = await removeSome(house, anna, 3);
  await follower.catchUp();
  const leaveOut = [{ seq: removed, change: 1 }];
  const done = await restoreTo(withoutEra(house), {
    base: { kind: 'journal' },
    leaveOut,
    reason: 'undone',
    why: 'twin',
  });
  assert.ok(done.ok);
  for (let n = 0; n < 5; n++) await keep(house, anna); // past the number it stands at
  await house.quiet();
  const followed = await follower.catchUp();
  const reloaded = await new Follower(jmap.url, { accountId: anna.id, token: jmap.token }).load();
  assert.equal(reloaded.emails.size, 11);
  assert.notDeepEqual(followed, reloaded);
});

test('a machine restored from an older copy gives no (mailbox, uidvalidity, uid) to a second letter; twin: without lostTail it does', async () => {
  const instanceId = newId<InstanceId>();
  const folder = join(scratch, 'tail');
  const { account: anna, command } = makeSignUp('anna@siegel.test');
  const names = new Names();
  await mkdir(join(scratch, 'copies'));
  {
    await using house = await openGenerationHouse({ scratch, folder, instanceId });
    await mustCommit(house.door, anna.id, command);
    for (let n = 0; n < 5; n++) await keep(house, anna);
    await house.quiet();
    for (const copy of ['right', 'twin'])
      await cp(join(folder, 'journal'), join(scratch, 'copies', copy, 'journal'), { recursive: true });
    for (let n = 0; n < 5; n++) await keep(house, anna); // the tail that is lost
    await house.quiet();
    await names.take(house);
  }
  for (const [copy, lostTail] of [
    ['right', true],
    ['twin', false],
  ] as const) {
    await using house = await openGenerationHouse({ scratch, folder: join(scratch, 'copies', copy), instanceId });
    const era = { era: 2, reason: 'restored', lostTail, endsSessions: true } as const;
    assert.ok((await house.door.noteEra(era)).ok);
    for (let n = 0; n < 5; n++) await keep(house, anna);
    await house.quiet();
    if (lostTail) await names.take(house);
    else await assert.rejects(names.take(house), /named .* and now another/);
  }
});

/** A wrong command empties part of the mailbox; what follows it stays when it is undone. */
async function undoRemoval(house: GenerationHouse, anna: TestAccount, follower: Follower): Promise<void> {
  await takePoint(house);
  const seq = await removeSome(house, anna, 5);
  await follower.catchUp();
  const base = house.generations.fromPoint('test');
  await restore(house, anna, { base, leaveOut: [{ seq, change: 1 }], reason: 'undone', why: 'undone' });
  await follower.catchUp();
}

/** A statement past the journal flags every letter; an earlier copy and the journal do not know of it. */
async function restoreFromWrongStatement(house: GenerationHouse, anna: TestAccount, follower: Follower): Promise<void> {
  await takePoint(house);
  await house.quiet();
  {
    await using session = await house.database.connect();
    // the guard refuses to take rows away; flags it lets through
    await session.rows(`UPDATE letter SET keywords = '{"$flagged"}' WHERE removed_modseq IS NULL`);
  }
  await follower.load();
  const base = house.generations.fromPoint('test');
  await restore(house, anna, { base, reason: 'restored', why: 'a wrong statement' });
  await follower.catchUp();
}

async function takePoint(house: GenerationHouse): Promise<void> {
  const point = await house.generations.takePoint('test');
  assert.ok(point.ok, point.ok ? '' : point.error.sentence);
}

/** Letters come meanwhile, and none is put off. */
async function restore(house: GenerationHouse, anna: TestAccount, order: RestoreOrder): Promise<void> {
  const restoring = { isOver: false };
  const sending = (async () => {
    while (!restoring.isOver) {
      await keep(house, anna);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  })();
  const done = await restoreTo(house, order).finally(() => (restoring.isOver = true));
  await sending;
  assert.ok(done.ok, done.ok ? '' : done.error.sentence);
  await house.quiet();
}

async function removeSome(house: GenerationHouse, anna: TestAccount, count: number): Promise<number> {
  const ids = anna.letters.slice(-count);
  const { header } = await mustCommit(house.door, anna.id, {
    kind: 'lettersRemoved',
    effect: { ids, purgeMs: 9e12, freedBytes: 0 },
  });
  await house.quiet();
  return header.seq;
}

async function keep(house: GenerationHouse, anna: TestAccount): Promise<void> {
  const entry = makeLetter([{ accountId: anna.id, mailboxId: requireValue(anna.mailboxes[0], 'inbox') }]);
  assert.ok((await house.door.keepLetter(entry)).ok, 'a letter is put off');
  anna.letters.push(requireValue(entry.copies[0]?.record.letterId, 'a letter'));
}

/** The sabotage: the journal never hears of the era. */
function withoutEra(house: GenerationHouse): GenerationHouse {
  const { generations } = house;
  const switchTo: typeof generations.switchTo = (name, arrival, why) =>
    generations.switchTo(name, { ...arrival, era: 0 }, why);
  return {
    ...house,
    generations: new Proxy(generations, { get: (of, key) => (key === 'switchTo' ? switchTo : bound(of, key)) }),
  };
}

function bound(of: GenerationHouse['generations'], key: string | symbol): unknown {
  const value: unknown = Reflect.get(of, key, of);
  return typeof value === 'function' ? value.bind(of) : value;
}

async function serveJmap(house: GenerationHouse, anna: TestAccount) {
  const token = newId<SessionId>();
  const app = createJmap(
    { log: silentLog, clock: systemClock, publicOrigin: undefined },
    {
      authenticate: async (request) =>
        request.headers.get('Authorization') === `Bearer ${token}`
          ? { accountId: anna.id, sessionId: token }
          : undefined,
      reader: house.database.reader,
      door: house.door,
      findJournal: () => house.journal,
      ledgerElement: (letterId, digest) => createHmac('sha256', 'ledger').update(letterId).update(digest).digest(),
    },
  );
  const fetch = (request: Request): Response | Promise<Response> => app.fetch(request);
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0, overrideGlobalObjects: false });
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  return {
    token,
    url: `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}

/** (mailbox, uidvalidity, uid) → letter, over the whole life of a house and all its restores. */
class Names {
  readonly #letters = new Map<string, string>();

  get size(): number {
    return this.#letters.size;
  }

  async take({ database }: GenerationHouse): Promise<void> {
    const rows = await database.reader.db
      .selectFrom('placement')
      .innerJoin('mailbox', 'mailbox.mailbox_id', 'placement.mailbox_id')
      .select(['placement.mailbox_id', 'mailbox.uid_validity', 'placement.uid', 'placement.letter_id'])
      .execute();
    for (const { mailbox_id, uid_validity, uid, letter_id } of rows) {
      const name = `${mailbox_id} ${uid_validity} ${uid}`;
      const known = this.#letters.get(name);
      assert.ok(known === undefined || known === letter_id, `${name} named ${known} and now another, ${letter_id}`);
      this.#letters.set(name, letter_id);
    }
  }
}
