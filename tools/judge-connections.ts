// Every connection outward of a test run, noted by test/record-connections.ts, against the public list of base/outgoing/egress.ts.

import { transformSync } from 'esbuild';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { destinations } from '#base/outgoing/destinations.ts';
import { connectionKinds, isKindBuilt, isOverHttp } from '#base/outgoing/egress.ts';

const root = join(import.meta.dirname, '..');

const lineShape = v.union([
  v.object({ main: v.string(), pid: v.number(), thread: v.number() }),
  v.object({ places: v.array(v.string()) }),
  v.object({
    how: v.picklist(['tcp', 'unix', 'udp', 'names']),
    to: v.string(),
    kind: v.optional(v.string()),
    at: v.number(),
  }),
]);

const ADVICE =
  'Each needs its kind in src/base/outgoing/egress.ts, whose list is public, and its place in tools/judge-connections.ts; or it must not be.';

export interface NotedConnection {
  readonly how: 'tcp' | 'unix' | 'udp' | 'names';
  readonly to: string;
  /** What the one door for HTTP said it is for. */
  readonly kind?: string | undefined;
  /** `path:line`, the nearest first. */
  readonly places: readonly string[];
  /** Main file of the process. */
  readonly main: string;
}

export interface Judgement {
  /** Kind → how many connections of the program. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Of the tests themselves, and of what they stand in for. */
  readonly ofTests: number;
  /** A sentence for each connection that is not on the list, each once. */
  readonly strangers: readonly string[];
}

export interface Recording extends Disposable {
  /** For NODE_OPTIONS. */
  readonly flag: string;
  read(): readonly NotedConnection[];
}

/** A folder that processes of every user may write notes in, with the code that writes them. */
export function startRecording(): Recording {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-connections-'));
  chmodSync(folder, 0o1777);
  const file = join(folder, 'record.mjs');
  const source = readFileSync(join(root, 'test', 'record-connections.ts'), 'utf8');
  writeFileSync(file, transformSync(source, { loader: 'ts', target: 'node24' }).code);
  return {
    flag: `--import=${file}`,
    read: () => {
      const names = readdirSync(folder).filter((name) => name.endsWith('.notes'));
      return joinThreads(names.map((name) => readFileSync(join(folder, name), 'utf8')));
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A thread belongs to the main file of its process. */
export function joinThreads(texts: readonly string[]): readonly NotedConnection[] {
  const read = texts.map(readNotes);
  const mains = new Map(read.filter(({ thread }) => thread === 0).map(({ pid, main }) => [pid, main]));
  return read.flatMap(({ pid, main, noted }) => noted.map((one) => ({ ...one, main: mains.get(pid) ?? main })));
}

function readNotes(text: string): {
  readonly pid: number;
  readonly thread: number;
  readonly main: string;
  readonly noted: readonly Omit<NotedConnection, 'main'>[];
} {
  let head = { main: 'unknown', pid: -1, thread: -1 };
  const places: (readonly string[])[] = [];
  const noted: Omit<NotedConnection, 'main'>[] = [];
  // a process that was killed may leave half a line
  for (const line of text.split('\n').slice(0, -1)) {
    const parsed = v.parse(lineShape, JSON.parse(line));
    if ('main' in parsed) head = parsed;
    else if ('places' in parsed) places.push(parsed.places);
    else noted.push({ how: parsed.how, to: parsed.to, kind: parsed.kind, places: places[parsed.at] ?? [] });
  }
  return { ...head, noted };
}

const STORE_CLIENT = '@redis/client';

type Rule = (connection: NotedConnection) => string | undefined;

/** Places of the program that begin connections, and the kind each stands for; undefined: not this one. */
const PLACES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['src/base/outgoing/exchange.ts', overHttp],
  ['src/base/dns/dns.ts', ({ how }) => (how === 'names' ? 'dns' : undefined)],
  ['src/post/delivery/peer/wire.ts', ({ how }) => (how === 'tcp' ? 'delivery or smarthost' : undefined)],
  ['src/programs/operator-socket.ts', operatorSocket],
  ['src/programs/send-letter.ts', ownDoor],
  ['src/programs/collector/rinse-reads.ts', ownDoor],
  // what the programs of a person ask of their house, the same that comes in there
  ['src/web/client/jar-fetch.ts', (connection) => (isLoopback(connection) ? 'page' : undefined)],
  ['src/programs/demo/demo-outside.ts', (connection) => (isLoopback(connection) ? 'the sample office' : undefined)],
]);
export const placesJudged: ReadonlySet<string> = new Set(PLACES.keys());

function overHttp({ kind, how, to }: NotedConnection): string | undefined {
  const known = connectionKinds.find((one) => one === kind);
  if (known === undefined || !isOverHttp(known) || !isKindBuilt(known)) return undefined;
  if (destinations[known].reach === 'local' && how !== 'unix' && !isLoopback({ how, to })) return undefined;
  return known;
}

function ownDoor(connection: NotedConnection): string | undefined {
  return isLoopback(connection) ? 'the house’s own door' : undefined;
}

function operatorSocket({ how, to }: NotedConnection): string | undefined {
  return how === 'unix' && to.endsWith('/siegel.sock') ? 'the operator’s socket' : undefined;
}

function isLoopback({ how, to }: Pick<NotedConnection, 'how' | 'to'>): boolean {
  const host = to.slice(0, to.lastIndexOf(':'));
  return how !== 'unix' && (host === '::1' || host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.')));
}

function isDatabase({ how, to }: NotedConnection): boolean {
  return how === 'unix' ? /\/\.s\.PGSQL\.\d+$/.test(to) : how === 'tcp';
}

export function judgeConnections(connections: readonly NotedConnection[]): Judgement {
  const kinds = new Map<string, number>();
  const strangers = new Set<string>();
  let ofTests = 0;
  for (const connection of connections) {
    if (isTestsOwn(connection)) {
      ofTests += 1;
      continue;
    }
    const kind = kindOf(connection);
    if (kind === undefined) strangers.add(sentenceOf(connection));
    else kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return { kinds, ofTests, strangers: [...strangers] };
}

/** The nearest of our files is a test’s; or nothing of ours is near, in a process that runs a test. */
function isTestsOwn({ kind, places, main }: NotedConnection): boolean {
  const [nearest, next] = placesOfOurs(places);
  if (nearest === undefined)
    return !isLibrary(places, 'pg') && !isLibrary(places, STORE_CLIENT) && !isCarried(places) && !isProgramMain(main);
  if (!isProgram(nearest.file)) return true;
  // a test of this one file, past the door that says what for
  return (
    nearest.file === 'src/base/outgoing/exchange.ts' &&
    kind === undefined &&
    next !== undefined &&
    !isProgram(next.file)
  );
}

function kindOf(connection: NotedConnection): string | undefined {
  const { how, places } = connection;
  if (isLibrary(places, 'pg')) return isDatabase(connection) ? 'database' : undefined;
  if (isLibrary(places, STORE_CLIENT)) return how === 'udp' ? undefined : 'documents';
  if (isCarried(places)) return how === 'names' ? 'dns' : undefined;
  const rule = PLACES.get(placesOfOurs(places)[0]?.file ?? '');
  return rule?.(connection);
}

function isLibrary(places: readonly string[], name: string): boolean {
  return places[0]?.includes(`/node_modules/${name}/`) === true;
}

/** Code that programs/carried-worker.ts made of files of ours; only base/dns of them could begin anything (tools/tidy). */
function isCarried(places: readonly string[]): boolean {
  return places[0]?.startsWith('data:') === true;
}

function isProgramMain(main: string): boolean {
  return main.startsWith('/') && !main.endsWith('.test.ts');
}

interface Place {
  readonly file: string;
  readonly line: string;
}

/** Files of this repository, in whichever copy of it: the nearest, and the nearest other one. */
function placesOfOurs(places: readonly string[]): readonly Place[] {
  const found: Place[] = [];
  for (const place of places) {
    const ours = place.includes('/node_modules/') ? undefined : placeOfOurs(place);
    if (ours !== undefined && ours.file !== found[0]?.file) found.push(ours);
    if (found.length === 2) break;
  }
  return found;
}

const placesKnown = new Map<string, Place | undefined>();

function placeOfOurs(place: string): Place | undefined {
  if (placesKnown.has(place)) return placesKnown.get(place);
  const [path = '', line = ''] = place.split(/:(?=\d+$)/);
  const files = [...path.matchAll(/\/(?=(?:src|test|tools|bench)\/)/g)].map(({ index }) => path.slice(index + 1));
  const file = files.find((candidate) => existsSync(join(root, candidate)));
  const found = file === undefined ? undefined : { file, line };
  placesKnown.set(place, found);
  return found;
}

function isProgram(file: string): boolean {
  return file.startsWith('src/') && !/\.test\.ts$|\/test-[^/]+\.ts$/.test(file);
}

function sentenceOf({ how, to, kind, places, main }: NotedConnection): string {
  const [place] = placesOfOurs(places);
  const where = place === undefined ? `${places[0] ?? 'an unknown place'} in ${main}` : `${place.file}:${place.line}`;
  const purpose = kind === undefined ? '' : ` for ${kind}`;
  return `${where} connects to ${to} (${how})${purpose}`;
}

/** Lines for the end of a run, and whether all is well; `mayBeNone`: only some tests ran. */
export function sayConnections(
  { kinds, ofTests, strangers }: Judgement,
  mayBeNone = true,
): { readonly isWell: boolean; readonly text: string } {
  const count = [...kinds.values()].reduce((sum, one) => sum + one, 0);
  const list = [...kinds].toSorted(([left], [right]) => left.localeCompare(right)).map(([kind, n]) => `${kind} ${n}`);
  if (strangers.length > 0)
    return {
      isWell: false,
      text: `✖ connections that are not in the egress list:\n${strangers.map((one) => `- ${one}`).join('\n')}\n${ADVICE}`,
    };
  if (count === 0)
    return {
      isWell: mayBeNone,
      text: `${mayBeNone ? '' : '✖ '}connections: none of the program was heard; ${ofTests} from the tests`,
    };
  return {
    isWell: true,
    text: `connections: ${count} from the program, all in the egress list (${list.join(', ')}); ${ofTests} from the tests`,
  };
}
