// Two migrations of a million rows in the real program while letters come, people read and flag: what anybody notices of it.

import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startDnsServer } from '../test/fakes/dns-server.ts';
import { makeSigningDomain } from '../test/fakes/signed-letters.ts';
import { round } from './figures.ts';
import { makeLetters } from './intake.ts';
import { startBusy, type Busy, type Figures } from './migrate/busy-house.ts';
import { fillHouse } from './migrate/house.ts';
import { sharedMs } from './migrate/paced-smtp.ts';
import { need, nameOperator, walkChange, type Span, type Walked } from './migrate/walk-change.ts';
import { askOperator } from '../src/programs/operator-socket.ts';

const DOMAIN = 'siegel.test';
const PEOPLE = 20;
const CONNECTIONS = 32;
const LETTERS_PER_SECOND = 500;
const READS_PER_SECOND = 10;
const FLAGS_PER_SECOND = 10;
const READY_WAIT_MS = 15 * 60_000;
const STATISTICS_MS = 65_000;

/** A column that every row gets, filled row by row, with a rule for all of them; and an index. */
const MIGRATIONS: Readonly<Record<string, string>> = {
  column: `ALTER TABLE letter ADD COLUMN weight integer NOT NULL DEFAULT 0;
    UPDATE letter SET weight = (size_bytes / 1000)::integer;
    ALTER TABLE letter ADD CONSTRAINT weight_known CHECK (weight >= 0) NOT VALID;
    ALTER TABLE letter VALIDATE CONSTRAINT weight_known;`,
  index: `CREATE INDEX CONCURRENTLY letter_by_size ON letter (account_id, size_bytes, letter_id);`,
};

const note = (text: string): void => console.error(text);

/** `--rows=N` (1,000,000); `--quick`: 20,000; `--rate=N` letters a second (500); `--only=column|index`. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const named = (name: string): string | undefined =>
    flags.find((flag) => flag.startsWith(`--${name}=`))?.slice(name.length + 3);
  const quick = flags.includes('--quick');
  const rows = Number(named('rows') ?? (quick ? 20_000 : 1_000_000));
  const perSecond = Number(named('rate') ?? LETTERS_PER_SECOND);
  const only = named('only');
  const signer = makeSigningDomain('sender.example');
  const dns = await startDnsServer(signer.zone);
  const wire = await makeLetters(signer, quick ? 100 : 400);
  const top = await mkdtemp(join(tmpdir(), 'siegel-migrate-'));
  const env = {
    SIEGEL_DNS: `127.0.0.1:${dns.port}`,
    SIEGEL_TRUSTED_NETWORKS: '',
    SIEGEL_DOMAIN: DOMAIN,
    SIEGEL_LOG: 'error',
    SIEGEL_BACKUP_DIR: join(top, 'backups'),
    SIEGEL_BACKUP_AT: 'none',
  };
  const options = { directory: join(top, 'house'), env, readyWaitMs: READY_WAIT_MS };
  const filling = performance.now();
  const house = await fillHouse(options, PEOPLE, rows);
  const { dataDir, smtpPort } = house.program;
  try {
    note(`${rows} letters of ${PEOPLE} people, every row made: ${secondsSince(filling)} s`);
    const kaya = await nameOperator(dataDir);
    const backing = performance.now();
    await takeBackup(dataDir);
    const backupSeconds = secondsSince(backing);
    note(`a backup that counts: ${backupSeconds} s`);
    if (!quick) await wait(STATISTICS_MS);
    const recipients = house.people.map(({ address }) => address);
    const smtp = {
      port: smtpPort,
      perSecond,
      connections: CONNECTIONS,
      from: 'bench@sender.example',
      recipients,
      wire,
    };
    const busy = startBusy({
      smtp,
      people: house.people,
      readsPerSecond: READS_PER_SECOND,
      flagsPerSecond: FLAGS_PER_SECOND,
    });
    await wait(quick ? 3_000 : 10_000); // warm
    const before = await spanOf('before', () => wait(quick ? 5_000 : 30_000));
    const walks = new Map<string, Walked>();
    for (const [name, sql] of Object.entries(MIGRATIONS)) {
      if (only !== undefined && only !== name) continue;
      const walked = await walkChange(dataDir, kaya, sql);
      walks.set(name, walked);
      note(`${name}: ${walked.spans.map((span) => `${span.name} ${secondsOf(span)} s`).join(', ')}`);
    }
    await busy.stop();
    note('stopped; the ledger is counted');
    const lost = await countLost(dataDir, rows + busy.kept);
    const figures = report(busy, before, walks);
    return { rows, lettersPerSecond: perSecond, lost, ...figures, backupSeconds, load: loadavg().map(round) };
  } finally {
    await house.program.stop();
    await dns.close();
    await rm(top, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** `applying`: the worst of its steps, stricter than what is promised; `wholeApplying`: from the beginning of the copy before to the end of the proof, what is promised; the steps below. */
function report(busy: Busy, before: Span, walks: ReadonlyMap<string, Walked>): Record<string, unknown> {
  const of = ({ fromMs, toMs }: Span): Figures => busy.figures(fromMs, toMs);
  const migrations = Object.fromEntries(
    [...walks].map(([name, { change, spans }]) => {
      const steps = Object.fromEntries(spans.map((span) => [span.name, of(span)]));
      return [name, { predicted: change.predicted, actual: change.actual, steps }];
    }),
  );
  const applied = [...walks.values()].flatMap(({ spans }) => spans.filter((one) => one.name !== 'rehearsal'));
  const rehearsed = [...walks.values()].flatMap(({ spans }) => spans.filter((one) => one.name === 'rehearsal'));
  const wholes = [...walks.values()].flatMap(({ spans }) => {
    const steps = spans.filter((one) => one.name !== 'rehearsal');
    const [first, last] = [steps[0], steps.at(-1)];
    return first && last ? [{ name: 'whole', fromMs: first.fromMs, toMs: last.toMs }] : [];
  });
  return {
    wholeApplying: worst(wholes.map(of)),
    applying: worst(applied.map(of)),
    rehearsing: worst(rehearsed.map(of)),
    before: of(before),
    migrations,
  };
}

/** Refused in all; the worst of the parts, so that a long quiet one hides no bad one. */
function worst(parts: readonly Figures[]): Record<string, number> {
  const all = (name: 'intake' | 'reads' | 'flags') => parts.map((part) => part[name]).filter(({ count }) => count > 0);
  const failed = (name: 'intake' | 'reads' | 'flags'): number => all(name).reduce((sum, part) => sum + part.failed, 0);
  const p99 = (name: 'intake' | 'reads' | 'flags'): number => Math.max(...all(name).map((part) => part.p99Ms));
  return {
    intakeRefused: failed('intake'),
    intakeP99Ms: p99('intake'),
    readsFailed: failed('reads'),
    readsP99Ms: p99('reads'),
    flagsFailed: failed('flags'),
    flagsP99Ms: p99('flags'),
  };
}

/** The house may just be taking one by itself. */
async function takeBackup(dataDir: string): Promise<void> {
  for (;;) {
    const taken = await askOperator(dataDir, 'backup.take', {});
    if (taken.ok || taken.error.kind !== 'busy') return void need(taken);
    await wait(500);
  }
}

const FOLLOW_MS = 30_000;

/** Rows are a moment behind the journal, and the ledger is counted as far as they are. */
async function countLost(dataDir: string, kept: number): Promise<number> {
  const untilMs = performance.now() + FOLLOW_MS;
  for (;;) {
    const lost = kept - (await countLetters(dataDir));
    if (lost <= 0 || performance.now() > untilMs) return lost;
    await wait(500);
  }
}

async function countLetters(dataDir: string): Promise<number> {
  const found = need(await askOperator(dataDir, 'ledger.check', { deep: false }));
  if (!found.isEqual) throw new Error('rows and journal differ');
  return found.letters;
}

async function spanOf(name: string, work: () => Promise<unknown>): Promise<Span> {
  const fromMs = sharedMs();
  await work();
  return { name, fromMs, toMs: sharedMs() };
}

function secondsOf({ fromMs, toMs }: Span): number {
  return round((toMs - fromMs) / 1000);
}

function secondsSince(startedMs: number): number {
  return round((performance.now() - startedMs) / 1000);
}
