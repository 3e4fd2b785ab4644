// What a sender and an operator see when letters do not simply leave: a database that dies, a brake, an undo at the last moment, a peer that never answers.

import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import PostalMime from 'postal-mime';
import {
  countWaiting,
  letterText,
  openDeliveryHouse,
  zoneOf,
  type DeliveryHouse,
  type HandInAnswer,
} from '../delivery-house.ts';
import { startHostilePeer, type HostilePeer, type PeerConduct } from '../fakes/hostile-peer.ts';
import { moveIn, type Resident } from '../house-life.ts';
import { readLetters } from '../read-letters.ts';
import type { RunningProgram } from '../running-program.ts';

const RETRY_MS = 300;
const USUAL: PeerConduct = {
  answers: { RCPT: (line) => (line.includes('nobody') ? '550 5.1.1 nobody has this address' : undefined) },
};

let peer: HostilePeer;
let house: DeliveryHouse;
let anna: Resident;
before(async () => {
  peer = await startHostilePeer(USUAL);
  house = await openDeliveryHouse(
    { peerPort: peer.port, retriesMs: [RETRY_MS] },
    zoneOf({ 'there.test': '127.0.0.1' }),
  );
  anna = await moveIn(() => house.program, 'anna');
});
after(async () => {
  await house?.[Symbol.asyncDispose]();
  await peer?.[Symbol.asyncDispose]();
});

interface Order {
  readonly token: string;
  readonly to: readonly string[];
  readonly from?: string;
  readonly mailFrom?: string;
  readonly dueMs?: number;
}

async function handIn(who: Resident, orders: readonly Order[]): Promise<readonly HandInAnswer[]> {
  const door = await house.open();
  const answers = orders.map(({ token, to, from = who.address, ...rest }) => {
    const letter = Buffer.from(letterText(from, to[0] ?? '', token)).toString('base64');
    return door.handIn({ token, accountId: who.accountId, from, recipients: to, letter, ...rest });
  });
  return Promise.all(answers).finally(() => door.close());
}

function idOf({ ok, kind, submissionId }: HandInAnswer): string {
  assert.ok(ok && submissionId !== undefined, kind);
  return submissionId;
}

/** How often the peer took the letter of this token. */
function timesTaken(token: string): number {
  return peer.letters.filter(({ bytes }) => bytes.includes(`Subject: ${token}\r\n`)).length;
}

async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await isSo()) return;
    await wait(100);
  }
  assert.fail(`never: ${what}\n${house.program.output()}`);
}

const untilEmpty = (): Promise<void> => until(async () => (await countWaiting(house.program)) === 0, 'nothing waits');

interface Submission {
  readonly id: string;
  readonly undoStatus: string;
  readonly siegelOutcome: { readonly delivered: number; readonly failed: number; readonly doneAt: string | null };
}

/** As soon as the house can answer. */
async function submissions(who: Resident, ids: readonly string[]): Promise<readonly Submission[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    const got = await who.jmap('EmailSubmission/get', { ids });
    if (got !== undefined) return got['list'] as Submission[];
    await wait(100);
  }
  return assert.fail('the house does not answer');
}

async function subjects(who: Resident): Promise<readonly string[]> {
  const letters = await readLetters(who);
  return Promise.all(letters.map(async (bytes) => (await PostalMime.parse(bytes)).subject ?? ''));
}

async function postmaster({ dataDir }: RunningProgram): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'postgres', 'gen-0001', 'cluster', 'postmaster.pid'), 'utf8').catch(
    () => '',
  );
  const pid = Number(text.split('\n')[0]);
  return pid > 0 ? pid : undefined;
}

/** Kills each database that comes up until told to stop; the pids it killed. */
function keepKilling(program: RunningProgram): { stop(): Promise<number> } {
  const told = { isStopped: false };
  const killed = new Set<number>();
  const work = (async (): Promise<number> => {
    while (!told.isStopped) {
      const pid = await postmaster(program);
      try {
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
        if (pid !== undefined) killed.add(pid);
      } catch {
        // this one is gone already, the file tells of it still
      }
      await wait(50);
    }
    return killed.size;
  })();
  return {
    stop: () => {
      told.isStopped = true;
      return work;
    },
  };
}

test('while the database dies again and again letters are taken and leave, each once, and afterwards it knows how they went', async (t) => {
  const tokens = Array.from({ length: 40 }, (_, at) => `db-${at}-end`);
  await house.program.siegel(['queue', 'hold', '--apply']);
  const waiting = await handIn(anna, tokens.slice(0, 20).map((token) => ({ token, to: [`${token}@there.test`] }))); // prettier-ignore
  const killing = keepKilling(house.program);
  await wait(300);
  await house.program.siegel(['queue', 'release', '--apply']);
  const fresh = await handIn(anna, tokens.slice(20).map((token) => ({ token, to: [`${token}@there.test`] }))); // prettier-ignore
  await until(() => tokens.every((token) => timesTaken(token) > 0), 'all have left while no database lives');
  const kills = await killing.stop();
  t.diagnostic(JSON.stringify({ letters: tokens.length, databasesKilled: kills }));
  assert.ok(kills > 0);
  const rows = await submissions(anna, [...waiting, ...fresh].map(idOf));
  assert.deepEqual(
    rows.map(({ siegelOutcome: { delivered, failed, doneAt } }) => [delivered, failed, doneAt !== null]),
    tokens.map(() => [1, 0, true]),
  );
  await wait(2 * RETRY_MS);
  assert.deepEqual(tokens.map(timesTaken), tokens.map(() => 1)); // prettier-ignore
});

interface Queue {
  readonly accounts: readonly { readonly account: string; readonly waiting: number; readonly held: string | null }[];
}

async function listed(): Promise<Queue> {
  return JSON.parse((await house.program.siegel(['queue', 'list', '--json'])).stdout) as Queue;
}

test('an account that writes to many nobodies is held, shown to the operator, told, and goes on when it is released', async () => {
  const eve = await moveIn(() => house.program, 'eve');
  peer.behave({ answers: { RCPT: (line) => (line.includes('nobody') ? '550 5.1.1 nobody' : '451 4.7.1 later') } });
  const nobodies = Array.from({ length: 30 }, (_, at) => `nobody${at}@there.test`);
  const [early] = await handIn(eve, [{ token: 'eve-early', to: ['ben@there.test'] }]);
  assert.ok(early?.ok);
  const [spam] = await handIn(eve, [{ token: 'eve-spam', to: nobodies }]);
  assert.ok(spam?.ok);
  const isHeld = async (): Promise<boolean> =>
    (await listed()).accounts.some(({ account, held }) => account === eve.accountId && held === 'unknownRecipients');
  await until(isHeld, 'the brake');
  const { stdout } = await house.program.siegel(['status', '--json']);
  assert.match(stdout, /The letters of 1 accounts are held, perhaps somebody else uses them: siegel queue list/);
  assert.deepEqual(await handIn(eve, [{ token: 'eve-held', to: ['cleo@there.test'] }]), [
    { token: 'eve-held', ok: false, kind: 'held' },
  ]);
  peer.behave(USUAL);
  await wait(4 * RETRY_MS);
  assert.equal(timesTaken('eve-early'), 0, 'what waited stays');
  const plan = await house.program.siegel(['queue', 'release', '--account', eve.accountId]);
  assert.match(plan.stdout, /Nothing has changed yet/);
  assert.ok(await isHeld(), 'a plan releases nothing');
  await house.program.siegel(['queue', 'release', '--account', eve.accountId, '--apply']);
  await handIn(eve, [{ token: 'eve-after', to: ['dan@there.test'] }]);
  await untilEmpty();
  assert.deepEqual(['eve-early', 'eve-after', 'eve-held'].map(timesTaken), [1, 1, 0]);
  assert.doesNotMatch((await house.program.siegel(['status', '--json'])).stdout, /accounts are held/);
  assert.deepEqual((await subjects(eve)).toSorted(), [
    'Ihre Briefe werden angehalten / Your letters are held',
    'Nicht zugestellt / Not delivered',
  ]);
});

/** Takes a letter back as the page does. True: the house says that it never leaves; undefined: no answer came. */
async function takeBack(who: Resident, id: string): Promise<boolean | undefined> {
  const set = await who
    .jmap('EmailSubmission/set', { update: { [id]: { undoStatus: 'canceled' } } })
    .catch(() => undefined);
  if (set === undefined) return undefined;
  const refused = (set['notUpdated'] as Record<string, { type: string }> | null | undefined)?.[id];
  if (refused !== undefined) assert.equal(refused.type, 'cannotUnsend');
  return refused === undefined;
}

/** Asked again while the house has too many questions of one person at once. */
async function patientlyTakeBack(who: Resident, id: string): Promise<boolean> {
  for (let tries = 0; tries < 100; tries += 1) {
    const isBack = await takeBack(who, id);
    if (isBack !== undefined) return isBack;
    await wait(20);
  }
  return assert.fail('the house does not answer');
}

test('undo at the very moment a letter leaves: it left once or never, and the house tells which', async (t) => {
  const ben = await moveIn(() => house.program, 'ben');
  const tokens = Array.from({ length: 24 }, (_, at) => `undo-${at}-end`);
  const firstMs = Date.now() + 2_000;
  const dueMs = (at: number): number => (at < 4 ? firstMs + 60_000 : at < 8 ? 0 : firstMs + at * 40);
  const answers = await handIn(ben, tokens.map((token, at) => ({ token, to: [`${token}@there.test`], dueMs: dueMs(at) }))); // prettier-ignore
  const ids = answers.map(idOf);
  await until(() => tokens.slice(4, 8).every((token) => timesTaken(token) === 1), 'the first have left');
  const told = await Promise.all(
    ids.map(async (id, at) => {
      await wait(Math.max(0, at < 8 ? 0 : dueMs(at) - Date.now() + 40 - Math.random() * 400));
      // pressed twice: both are told the same
      const [first, second] = await Promise.all([patientlyTakeBack(ben, id), patientlyTakeBack(ben, id)]);
      assert.equal(first, second);
      return first;
    }),
  );
  await untilEmpty();
  t.diagnostic(
    JSON.stringify({ takenBack: told.filter((one) => one).length, left: told.filter((one) => !one).length }),
  );
  assert.deepEqual(tokens.map(timesTaken), told.map((isBack) => (isBack ? 0 : 1))); // prettier-ignore
  assert.deepEqual(told.slice(0, 8), [true, true, true, true, false, false, false, false]);
  const rows = new Map((await submissions(ben, ids)).map((row) => [row.id, row]));
  for (const [at, id] of ids.entries()) assert.equal(rows.get(id)?.undoStatus, told[at] ? 'canceled' : 'final');
});

test('undo while the program is killed: what was told holds after it, and what was not told left at most once', async (t) => {
  const cleo = await moveIn(() => house.program, 'cleo');
  const tokens = Array.from({ length: 20 }, (_, at) => `undokill-${at}-end`);
  const soonMs = Date.now() + 60_000;
  const ids = (await handIn(cleo, tokens.map((token) => ({ token, to: [`${token}@there.test`], dueMs: soonMs })))).map(idOf); // prettier-ignore
  await submissions(cleo, ids);
  const answers = new Map<string, boolean>();
  const open = [...ids];
  const asking = Array.from({ length: 4 }, async () => {
    for (let id = open.shift(); id !== undefined; id = open.shift()) {
      const isBack = await takeBack(cleo, id);
      if (isBack !== undefined) answers.set(id, isBack);
    }
  });
  await until(() => answers.size >= 5, 'some answers');
  await house.program.kill();
  await Promise.all(asking);
  house.program.env['SIEGEL_CLOCK'] = '+2m'; // they are due
  house.program = await house.program.restart();
  await untilEmpty();
  delete house.program.env['SIEGEL_CLOCK'];
  t.diagnostic(JSON.stringify({ told: answers.size, of: tokens.length }));
  assert.ok(
    [...answers.values()].every((isBack) => isBack),
    'none was due',
  );
  for (const [at, token] of tokens.entries()) {
    assert.ok(timesTaken(token) <= (answers.has(ids[at] ?? '') ? 0 : 1), token);
  }
  const rows = await submissions(await moveIn(() => house.program, 'cleo'), ids);
  for (const { id, undoStatus } of rows)
    assert.equal(timesTaken(tokens[ids.indexOf(id)] ?? '') === 0, undoStatus === 'canceled', id);
});

test('a notice is never answered with a notice, and one whose sender is gone goes to nobody else', async () => {
  const dora = await moveIn(() => house.program, 'dora');
  const answers = await handIn(dora, [
    { token: 'notice-1', to: ['nobody1@there.test'], mailFrom: '' },
    { token: 'notice-2', to: ['nobody2@there.test'], from: 'gone@siegel.test' },
    { token: 'notice-3', to: ['nobody3@there.test'] },
  ]);
  await untilEmpty();
  const rows = await submissions(dora, answers.map(idOf));
  assert.deepEqual(rows.map(({ siegelOutcome: { failed, doneAt } }) => [failed, doneAt !== null]), rows.map(() => [1, true])); // prettier-ignore
  assert.equal(rows.length, 3);
  const letters = (await readLetters(dora)).map((bytes) => bytes.toString('latin1'));
  assert.equal(letters.length, 1, 'only for the letter that had a sender');
  assert.match(letters[0] ?? '', /nobody3@there\.test/);
  assert.deepEqual(await subjects(await moveIn(() => house.program, 'anna')), []);
  assert.equal(peer.letters.filter(({ mailFrom }) => mailFrom === '').length, 0, 'no notice leaves the house');
});

test('brought back without its live store, the house sends nothing and says that nobody knows whether it had left', async () => {
  const gina = await moveIn(() => house.program, 'gina');
  await house.program.siegel(['queue', 'hold', '--apply']);
  const [answer] = await handIn(gina, [{ token: 'lost-1', to: ['ben@there.test'] }]);
  assert.ok(answer?.ok);
  const id = idOf(answer);
  assert.equal((await submissions(gina, [id])).length, 1);
  await house.program.kill();
  await rm(join(house.program.dataDir, 'live'), { recursive: true });
  house.program = await house.program.restart();
  const again = await moveIn(() => house.program, 'gina');
  await until(async () => (await subjects(again)).length === 1, 'the notice');
  const [notice] = await readLetters(again);
  const { subject, text = '' } = await PostalMime.parse(notice ?? '');
  assert.equal(subject, 'Vielleicht nicht gesendet / Perhaps not sent');
  assert.match(
    text,
    /Vielleicht nicht gesendet: bitte fragen Sie beim Empfänger nach, bevor Sie ihn noch einmal senden\./,
  );
  assert.match(text, /Perhaps not sent: please check with the recipient before sending again\./);
  assert.match(text, new RegExp(`Handed in: ${new Date().getUTCFullYear()}-`));
  const isOver = async (): Promise<boolean> => (await submissions(again, [id]))[0]?.siegelOutcome.doneAt !== null;
  await until(isOver, 'its end');
  assert.equal(timesTaken('lost-1'), 0);
});

test('after four hours the sender hears of the delay, after five days that it was given up, sealed in his own mailbox', async () => {
  const fred = await moveIn(() => house.program, 'fred');
  peer.behave({ answers: { RCPT: '451 4.7.1 come back' } });
  const [answer] = await handIn(fred, [{ token: 'late', to: ['unmistakable@there.test'] }]);
  assert.ok(answer?.ok);
  const after = async (step: string): Promise<Resident> => {
    house.program.env['SIEGEL_CLOCK'] = step;
    house.program = await house.program.restart();
    return moveIn(() => house.program, 'fred');
  };
  await until(() => peer.connectionsCount > 0, 'a try');
  const sameDay = await after('+5h');
  await until(async () => (await subjects(sameDay)).length === 1, 'the delay is told');
  assert.deepEqual(await subjects(sameDay), ['Verzögert / Delayed']);
  const nextWeek = await after('+121h');
  await untilEmpty();
  const [notice, ...older] = await readLetters(nextWeek);
  assert.equal(older.length, 1, 'each is told once');
  const read = await PostalMime.parse(notice ?? '');
  assert.equal(read.subject, 'Nicht zugestellt / Not delivered');
  assert.match(read.text ?? '', /unmistakable@there\.test/);
  assert.match(notice?.toString('latin1') ?? '', /Action: failed\r\nStatus: 5\.4\.7\r\n/);
  const [row] = await submissions(nextWeek, [idOf(answer)]);
  assert.deepEqual([row?.siegelOutcome.delivered, row?.siegelOutcome.failed], [0, 1]);
  assert.equal(timesTaken('late'), 0);
});
