// `npm test`, `npm run test:further`, `test:safeguards` and `test:transit`: every test file in one of the four, several at a time, the long ones first; at the end what was skipped and why.

import { availableParallelism } from 'node:os';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { silentLog } from '#base/log/log.ts';
import { openPage } from '../src/programs/server/page.ts';
import { buildWorkers } from '../src/programs/transit/built-workers.ts';
import { judgeConnections, sayConnections, startRecording } from './judge-connections.ts';

/** What the tests may take on two free cores; a busy machine gets more time, and a word about it. */
const BUDGET_MS = 5 * 60_000;
const GIVE_UP_MS = 20 * 60_000;
const FILE_WAIT_MS = 10 * 60_000;
const root = join(import.meta.dirname, '..');
const FOLDERS = ['src', 'tools', 'test'];
/** Begun first, the slowest at the top: none of them makes the end wait. */
const LONG = [
  ...[
    'drill',
    'change-kills',
    'kills',
    'canary',
    'transit-ram',
    'accessibility',
    'page',
    'hostile-letters',
    'rebuild',
    'full-disk',
    'transit-page',
    'transit-house',
  ].map((name) => `test/journeys/${name}.test.ts`),
  'src/programs/transit/open-workshop.test.ts',
  'src/post/transit/workshop/make-optimise.test.ts',
  ...['chain', 'hostile', 'disk', 'alone', 'fuzz', 'crosstalk', 'postfix'].map(
    (name) => `test/journeys/transit-${name}.test.ts`,
  ),
  'src/post/transit/workshop/hostile-files.test.ts',
  'src/post/transit/page/clean-page.test.ts',
  'src/post/transit/verify/verify-tiff.test.ts',
  'src/post/transit/workshop/convert-office.test.ts',
  'src/post/transit/workshop/start-worker.test.ts',
  'src/post/transit/page/flatten.test.ts',
  'src/post/transit/text/reading-order.test.ts',
  'src/post/transit/verify/verify-file.test.ts',
  'src/programs/transit/burglary.test.ts',
  'src/programs/transit/open-room.test.ts',
];
/** They take times of a few milliseconds: at the end, one after the other, with nothing beside them. */
const ALONE: ReadonlySet<string> = new Set([
  'test/suites/accounts/login-time.test.ts',
  'test/journeys/page-scroll.test.ts',
  'test/journeys/compose-real.test.ts',
]);
/** What would take `npm test` beyond its five minutes: other peers' tempers, second forms of what it shows already, every look of further pages. */
const FURTHER: ReadonlySet<string> = new Set(
  [
    'addresses',
    'book',
    'canary-queue',
    'colleagues',
    'compose',
    'compose-devices',
    'compose-look',
    'compose-real',
    'contacts',
    'delivery-kills',
    'delivery-privacy',
    'delivery-signed',
    'delivery-trouble',
    'desk',
    'demo',
    'domain-page',
    'fulfilment',
    'inward',
    'outside',
    'outsiders',
    'page-conversations',
    'page-first-run',
    'page-order',
    'password-kills',
    'reply-leaves',
    'sealed-exchange',
    'security-kills',
    'setup',
    'shared-mailbox',
    'shared-page',
    'submission',
    'telemetry-collector',
    'telemetry-figures',
    'telemetry-page',
    'authorities',
    'desk-kills',
    'desk-notices',
    'desk-page',
    'desk-post',
    'statement',
    'transparency-house',
    'transparency-page',
    'trash',
    'trust',
    'trust-egress',
    'two-houses',
  ]
    .map((name) => `test/journeys/${name}.test.ts`)
    .concat(
      'test/suites/accounts/app-passwords.test.ts',
      'test/suites/accounts/password-change.test.ts',
      'test/suites/desk/desk-work.test.ts',
      ...['accuracy', 'linking', 'linking-marks', 'privacy'].map((name) => `test/suites/telemetry/${name}.test.ts`),
      'src/post/reception/checks/rspamd.test.ts',
      'src/vault/book/book.test.ts',
      'src/vault/book/kills.test.ts',
      'src/web/compose/compose-model.test.ts',
    ),
);

/** `npm run test:safeguards`: what concerns backups, changes, restoring, forgetting, drills: whole programs started, killed and brought back. */
const SAFEGUARDS: ReadonlySet<string> = new Set(
  [
    'change',
    'change-kills',
    'compaction-kills',
    'drill',
    'flipped-bits',
    'forgetting',
    'forgotten-copies',
    'guard',
    'ledger',
    'operations',
    'own-database',
    'restore',
    'restore-sync',
    'restore-trouble',
    'safety',
    'safety-look',
  ].map((name) => `test/journeys/${name}.test.ts`),
);
const SAFEGUARD_FOLDERS = ['src/vault/safeguards/', 'src/programs/drill/', 'src/vault/journal/compaction'];

/** `npm run test:transit`: the document workshop, whose readers and pages are processes of their own. */
const TRANSIT_PLACES = [
  'src/post/transit/',
  'src/programs/transit/',
  'src/programs/commands/transit/',
  'src/office/api/transit',
  'src/web/transit/',
  'src/formats/pdf',
  'src/formats/jbig2/',
  'src/formats/ccitt-g4/',
  'src/formats/transit-wire/',
  'test/journeys/transit',
  'test/suites/transit',
];

const FURTHER_FOLDERS = ['src/office/desk/'];

const GROUPS = ['further', 'safeguards', 'transit'] as const;
type Group = 'usual' | (typeof GROUPS)[number];

function groupOf(path: string): Group {
  if (TRANSIT_PLACES.some((place) => path.startsWith(place))) return 'transit';
  if (SAFEGUARDS.has(path) || SAFEGUARD_FOLDERS.some((folder) => path.startsWith(folder))) return 'safeguards';
  const isFurther = FURTHER.has(path) || FURTHER_FOLDERS.some((folder) => path.startsWith(folder));
  return isFurther ? 'further' : 'usual';
}

interface Failure {
  readonly file: string;
  readonly name: string;
  readonly reason: string;
}

interface Tally {
  passed: number;
  readonly failed: Failure[];
  /** Reason → names of the tests. */
  readonly skipped: Map<string, string[]>;
}

/** Test files whose path begins with one of the words; without words those of one group. */
function findTests(words: readonly string[], group: Group): string[] {
  const isWanted = (path: string): boolean =>
    words.length === 0 ? groupOf(path) === group : words.some((word) => path.startsWith(word));
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
  )
    .filter((path) => path.endsWith('.test.ts') && isWanted(path))
    .toSorted((left, right) => weight(left) - weight(right) || left.localeCompare(right));
}

/** Whole journeys and databases take longest. */
function weight(path: string): number {
  if (LONG.includes(path)) return LONG.indexOf(path) - LONG.length;
  const at = ['test/journeys/', 'test/', 'src/vault/database/', 'src/programs/', 'src/vault/'].findIndex((folder) =>
    path.startsWith(folder),
  );
  return at < 0 ? 9 : at;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

/** Files that were not finished in time. */
async function runAll(files: readonly string[], atOnce: number, tally: Tally): Promise<ReadonlySet<string>> {
  const stopping = new AbortController();
  const timer = setTimeout(() => stopping.abort(), GIVE_UP_MS);
  const waiting = new Set(files);
  await runFiles(
    files.filter((file) => !ALONE.has(file)),
    atOnce,
    { tally, waiting, signal: stopping.signal },
  );
  const alone = files.filter((file) => ALONE.has(file));
  if (alone.length > 0 && !stopping.signal.aborted)
    await runFiles(alone, 1, { tally, waiting, signal: stopping.signal });
  clearTimeout(timer);
  return stopping.signal.aborted ? waiting : new Set();
}

interface Run {
  readonly tally: Tally;
  readonly waiting: Set<string>;
  readonly signal: AbortSignal;
}

async function runFiles(files: readonly string[], atOnce: number, { tally, waiting, signal }: Run): Promise<void> {
  if (files.length === 0) return; // to the runner it would mean all it finds
  const stream = run({
    files: files.map((file) => join(root, file)),
    concurrency: atOnce,
    timeout: FILE_WAIT_MS,
    signal,
    cwd: root,
  });
  stream.on('test:pass', ({ name, skip, file, details }) => {
    if (details.type === 'suite') return;
    if (skip === undefined) tally.passed += 1;
    else {
      const reason = typeof skip === 'string' && skip !== '' ? skip : 'no reason given';
      tally.skipped.set(reason, [...(tally.skipped.get(reason) ?? []), `${short(file)}: ${name}`]);
    }
  });
  stream.on('test:fail', ({ name, file, details }) => {
    if (details.type === 'suite') return;
    tally.failed.push({ file: short(file), name, reason: reasonOf(details.error) });
    console.log(`✖ ${short(file)}: ${name}`);
  });
  stream.on('test:summary', ({ file, counts, duration_ms: tookMs, success }) => {
    if (file === undefined) return;
    waiting.delete(short(file));
    console.log(`${success ? '✔' : '✖'} ${short(file)}  ${counts.tests} tests, ${(tookMs / 1_000).toFixed(1)} s`);
  });
  stream.on('test:stderr', ({ message }) => process.stderr.write(message));
  for await (const event of stream) void event;
}

function short(file: string | undefined): string {
  return file === undefined ? 'unknown file' : relative(root, file);
}

function report(tally: Tally, unfinished: ReadonlySet<string>, browserNeeded: boolean): boolean {
  for (const { file, name, reason } of tally.failed) console.log(`\n✖ ${file}: ${name}\n${reason}`);
  const skipped = [...tally.skipped];
  if (skipped.length > 0) console.log('\nSkipped:');
  for (const [reason, names] of skipped) console.log(`- ${reason}\n${names.map((name) => `    ${name}`).join('\n')}`);
  const late = [...unfinished];
  if (late.length > 0) console.log(`\nNot finished within ${GIVE_UP_MS / 60_000} minutes: ${late.join(', ')}`);
  const missesBrowser = browserNeeded && skipped.some(([reason]) => /browser/i.test(reason));
  if (missesBrowser) console.log('\nThe journeys need a browser here: set SIEGEL_CHROMIUM, or install chromium.');
  const failed = tally.failed.length + late.length + (missesBrowser ? 1 : 0);
  const skips = skipped.reduce((sum, [, names]) => sum + names.length, 0);
  console.log(`\n${tally.passed} passed, ${failed} failed, ${skips} skipped`);
  return failed === 0 && tally.passed > 0;
}

const lost = [...FURTHER, ...SAFEGUARDS, ...LONG, ...ALONE].filter((path) => !existsSync(join(root, path)));
if (lost.length > 0) throw new Error(`tests that are not there: ${lost.join(', ')}`);
const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith('--'));
const group: Group = GROUPS.find((name) => words.includes(`--${name}`)) ?? 'usual';
const files = findTests(named, group);
// much of what a test does is waiting for a process to begin; the other two groups have claims of seconds that a busy machine breaks
const atOnce = Math.max(2, availableParallelism()) + (group === 'usual' || group === 'transit' ? 1 : 0);
const tally: Tally = { passed: 0, failed: [], skipped: new Map() };
using recording = startRecording();
// each process that a test starts takes it on
process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} ${recording.flag}`.trim();
// compiled once for all of them, where ./siegel keeps it too
process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules', '.cache', 'siegel');
const startMs = performance.now();
// once for all, not by each of the first programs at the same time
await openPage(silentLog);
if (group === 'transit') await buildWorkers(silentLog);
const unfinished = await runAll(files, atOnce, tally);
const tookMs = performance.now() - startMs;
console.log(`\n${files.length} files in ${(tookMs / 1_000).toFixed(1)} s`);
if (tookMs > BUDGET_MS) console.log(`That is more than the ${BUDGET_MS / 60_000} minutes they need on two free cores.`);
const connections = sayConnections(judgeConnections(recording.read()), named.length > 0);
const isPassed = report(tally, unfinished, words.includes('--browser-needed'));
console.log(connections.text);
process.exitCode = isPassed && connections.isWell ? 0 : 1;
