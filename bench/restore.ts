// A wrong command undone, at a million letters: from the journal alone, from a restore point, and how soon a crashed database answers.

import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { requireValue } from '#base/assert.ts';
import { newId, type InstanceId, type LetterId } from '#base/ids.ts';
import { countLetters } from '#vault/database/house-read.ts';
import { makeLetter, makeSignUp, mustCommit, type TestAccount } from '#vault/database/test-house.ts';
import { restoreTo } from '#vault/safeguards/generations/restore-to.ts';
import { openGenerationHouse, type GenerationHouse } from '#vault/safeguards/generations/test-generations.ts';
import { round } from './figures.ts';

const PEOPLE = 20;
const AT_ONCE = 512;
const WRONG_LETTERS = 10_000;
const LATER_LETTERS = 2_000;

/** `--letters=N` (1,000,000); `--quick`: 20,000. Letters of 400 bytes: their rows are those of any other. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const named = flags.find((flag) => flag.startsWith('--letters='))?.slice('--letters='.length);
  const letters = named === undefined ? (flags.includes('--quick') ? 20_000 : 1_000_000) : Number(named);
  const scratch = await mkdtemp(join(tmpdir(), 'siegel-restore-'));
  await chmod(scratch, 0o755);
  const folder = join(scratch, 'house');
  const place = { scratch, folder, instanceId: newId<InstanceId>() };
  try {
    await using house = await openGenerationHouse(place);
    const accounts: TestAccount[] = [];
    for (let n = 0; n < PEOPLE; n++) accounts.push(await signUp(house, n));
    const seedS = await timed(() => append(house, accounts, letters));
    const rebuilt = await restore(house, { base: { kind: 'journal' }, reason: 'rebuilt', why: 'bench' });
    await check(house, letters);
    const pointS = await timed(async () => requireOk(await house.generations.takePoint('bench')));
    const wrong = await removeWrongly(house, requireValue(accounts[0], 'an account'), letters);
    await append(house, accounts, LATER_LETTERS);
    await settle(house);
    const base = house.generations.fromPoint('bench');
    const leaveOut = [{ seq: wrong, change: 1 }];
    const undone = await restore(house, { base, leaveOut, reason: 'undone', why: 'bench' });
    await check(house, letters + LATER_LETTERS);
    const crashS = [await crash(house, folder), await crash(house, folder), await crash(house, folder)];
    return {
      letters,
      rebuildLettersPerSecond: Math.round(letters / rebuilt.follow),
      rebuild: rebuilt,
      takePointS: round(pointS),
      undoWrongCommand: undone,
      crashToFirstQueryS: crashS.map(round),
      seedS: round(seedS),
    };
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function signUp(house: GenerationHouse, index: number): Promise<TestAccount> {
  const { account, command } = makeSignUp(`person${index}@siegel.test`);
  const effect = { ...command.effect, quotaBytes: 1e13 };
  await mustCommit(house.door, account.id, { ...command, effect });
  return account;
}

async function append(house: GenerationHouse, accounts: readonly TestAccount[], count: number): Promise<void> {
  for (let start = 0; start < count; start += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - start);
    await Promise.all(
      Array.from({ length: size }, async (_, at) => {
        const account = requireValue(accounts[(start + at) % accounts.length], 'an account');
        const mailboxId = requireValue(account.mailboxes[0], 'inbox');
        const entry = makeLetter([{ accountId: account.id, mailboxId }]);
        requireOk(await house.journal.appendLetter(entry));
        if (account === accounts[0] && account.letters.length < WRONG_LETTERS)
          account.letters.push(requireValue(entry.copies[0]?.record.letterId, 'a letter'));
      }),
    );
  }
}

/** The command of R0: letters of one mailbox removed that nobody wanted to remove. */
async function removeWrongly(house: GenerationHouse, account: TestAccount, letters: number): Promise<number> {
  const ids: readonly LetterId[] = account.letters.slice(0, WRONG_LETTERS);
  const effect = { ids, purgeMs: 9e12, freedBytes: 0 };
  const { header } = await mustCommit(house.door, account.id, { kind: 'lettersRemoved', effect });
  await check(house, letters - ids.length);
  return header.seq;
}

async function restore(
  house: GenerationHouse,
  order: Parameters<typeof restoreTo>[1],
): Promise<{ readonly seconds: number; readonly fill: number; readonly follow: number; readonly switch: number }> {
  const beganMs = performance.now();
  const done = requireOk(await restoreTo(house, order));
  await settle(house);
  const { fill, follow, switch: switching } = done.seconds;
  return { seconds: round((performance.now() - beganMs) / 1000), fill, follow, switch: switching };
}

/** The postmaster killed hard until the door has answered a read of a person. */
async function crash(house: GenerationHouse, folder: string): Promise<number> {
  const pidFile = join(folder, 'postgres', house.generations.live.name, 'cluster', 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
  const seconds = await timed(async () => {
    process.kill(pid, 'SIGKILL');
    const isUp = (): boolean => house.door.health.state === 'up';
    while (isUp()) await wait(1);
    for (;;) {
      const answered = await countLetters(house.database.reader).catch(() => undefined);
      if (answered !== undefined && isUp()) return;
      await wait(10);
    }
  });
  await settle(house);
  return seconds;
}

/** A command behind what went straight into the journal, so that the rows hear of it. */
async function settle(house: GenerationHouse): Promise<void> {
  await house.door.noteEra({ era: 1, reason: 'rebuilt', endsSessions: false, lostTail: false });
  await house.quiet();
}

async function check(house: GenerationHouse, expected: number): Promise<void> {
  await settle(house);
  const found = await countLetters(house.database.reader);
  if (found !== expected) throw new Error(`${found} letters instead of ${expected}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return (performance.now() - beganMs) / 1000;
}

function requireOk<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
