// Letters in by SMTP and out again: every byte as it came, and the stored form opened by other people's programs.

import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseId, type LetterId } from '#base/ids.ts';
import type { Original } from '../src/vault/sealing/summary.ts';
import { openSession, type OpenSession } from '../src/web/client/open-session.ts';
import { readLetterRows } from '../src/web/client/mail-reads.ts';
import { installedOpeners, type Opener } from './openers.ts';
import { startProgram, type RunningProgram } from './running-program.ts';
import { PASSWORD, signUp, type Person } from './signed-in.ts';
import { openSmtp, type SmtpReply } from './smtp-client.ts';

export interface LetterFile {
  readonly name: string;
  read(): Promise<Uint8Array>;
}

export interface CheckOptions {
  /** Programs that open the stored form; all that are installed when not given. */
  readonly openers?: readonly Opener[];
  /** At most so many letters are opened by each of them, evenly chosen; all when not given. */
  readonly openedMax?: number;
  readonly note?: (text: string) => void;
}

export interface WayOut {
  readonly sent: number;
  readonly identical: number;
}

export interface OpenedBy {
  readonly program: string;
  readonly letters: number;
  readonly identical: number;
}

export interface Checked {
  readonly letters: number;
  readonly bdat: WayOut;
  /** Only letters whose lines all end in CRLF can come by DATA as they are. */
  readonly data: WayOut;
  readonly openedBy: readonly OpenedBy[];
  readonly skipped: readonly string[];
  readonly refused: readonly { readonly name: string; readonly by: Way; readonly answer: string }[];
  readonly problems: readonly string[];
}

type Way = 'bdat' | 'data';
const CONNECTIONS = 4;

/** All letters below a folder: `.eml` and what lies in a maildir; every file where there is neither. */
export async function findLetters(folder: string): Promise<readonly LetterFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const letters = paths.filter((path) => /\.eml$|[/\\](?:cur|new)[/\\][^/\\]+$/i.test(path));
  return (letters.length > 0 ? letters : paths)
    .toSorted()
    .map((path) => ({ name: relative(folder, path), read: () => readFile(path) }));
}

/** Whether the bytes survive DATA: CR and LF in pairs only, and such a pair at the end (RFC 5321 §4.1.1.4). */
export function isCleanForData(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  return text.endsWith('\r\n') && !/\r(?!\n)|(?<!\r)\n/.test(text) && !text.includes('\0');
}

export async function checkLetters(files: readonly LetterFile[], options: CheckOptions = {}): Promise<Checked> {
  const note = options.note ?? (() => undefined);
  const directory = await mkdtemp(join(tmpdir(), 'siegel-letters-'));
  const work = new Work(files);
  try {
    await using program = await startProgram({ directory, env: { SIEGEL_LOG: 'warn' } });
    const running = (): RunningProgram => program;
    const people = { bdat: await signUp(running, 'bdat'), data: await signUp(running, 'data') };
    for (const way of ['bdat', 'data'] as const) {
      const sent = await sendAll(work, { way, port: program.smtpPort, to: people[way].address });
      note(`${sent.length} letters in by ${way.toUpperCase()}`);
      await compareExport(work, { way, program, person: people[way], sent, directory });
      note(`${work.identical[way]} of them out byte-identical`);
    }
    const openers = options.openers ?? installedOpeners();
    const stored = openers.length > 0 ? await exportStored(program, people.bdat, directory) : [];
    for (const opener of openers) {
      const some = chooseSome(stored, options.openedMax ?? stored.length);
      const opened = await openAll(work, { opener, some, person: people.bdat, directory });
      note(`${opened.identical} of ${opened.letters} opened by ${opener.program} to the same bytes and the insertions`);
    }
    return work.result();
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** What is counted and found on the way. */
class Work {
  readonly files: readonly LetterFile[];
  readonly sent: Record<Way, number> = { bdat: 0, data: 0 };
  readonly identical: Record<Way, number> = { bdat: 0, data: 0 };
  readonly openedBy: OpenedBy[] = [];
  readonly refused: { name: string; by: Way; answer: string }[] = [];
  readonly problems: string[] = [];

  constructor(files: readonly LetterFile[]) {
    this.files = files;
  }

  result(): Checked {
    const { sent, identical, openedBy, refused, problems } = this;
    const missing = ['gpg', 'sq'].filter((name) => !openedBy.some(({ program }) => program === name));
    return {
      letters: this.files.length,
      bdat: { sent: sent.bdat, identical: identical.bdat },
      data: { sent: sent.data, identical: identical.data },
      openedBy,
      skipped: missing.map((name) => `${name} is not installed`),
      refused,
      problems: [...problems, ...refused.map(({ name, by, answer }) => `${name} refused by ${by}: ${answer}`)],
    };
  }
}

export interface Sent {
  readonly name: string;
  readonly digest: string;
}

interface Order {
  readonly way: Way;
  readonly port: number;
  readonly to: string;
}

async function sendAll(work: Work, { way, port, to }: Order): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const waiting = [...work.files].values();
  const send = async (): Promise<void> => {
    await using smtp = await openSmtp(port);
    for (const file of waiting) {
      const bytes = await file.read();
      if (way === 'data' && !isCleanForData(bytes)) continue;
      work.sent[way] += 1;
      const reply = await smtp.send({ from: 'post@check.example', to: [to], bytes, by: way }).catch(asReply);
      if (reply.code === 250) sent.push({ name: file.name, digest: digestOf(bytes) });
      else work.refused.push({ name: file.name, by: way, answer: `${reply.code} ${reply.text}` });
      if (reply.code === 421) return send(); // the connection is gone, the letters behind it are not
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, send));
  return sent;
}

function asReply(cause: unknown): SmtpReply {
  return { code: 421, text: String(cause) };
}

interface OneWay {
  readonly way: Way;
  readonly program: RunningProgram;
  readonly person: Person;
  readonly sent: readonly Sent[];
  readonly directory: string;
}

async function compareExport(work: Work, { way, program, person, sent, directory }: OneWay): Promise<void> {
  const out = join(directory, `out-${way}`);
  const exported = await exportTo(program, person, { out, format: 'eml' });
  if (exported !== undefined) work.problems.push(exported);
  const compared = await compareFolder(out, sent);
  work.identical[way] = compared.identical;
  work.problems.push(...compared.problems.map((problem) => `${problem} (${way})`));
  await rm(out, { recursive: true });
}

/** What lies in a folder against what went in: as many files of each digest as letters of it, and no others. */
export async function compareFolder(
  folder: string,
  sent: readonly Sent[],
): Promise<{ readonly identical: number; readonly problems: readonly string[] }> {
  const names = new Map<string, string[]>();
  for (const { name, digest } of sent) names.set(digest, [...(names.get(digest) ?? []), name]);
  const problems: string[] = [];
  let identical = 0;
  for (const file of await readdir(folder)) {
    const found = names.get(digestOf(await readFile(join(folder, file))))?.pop();
    if (found === undefined) problems.push(`${file} came out and is no letter that went in`);
    else identical += 1;
  }
  for (const name of [...names.values()].flat()) problems.push(`${name} went in and did not come out`);
  return { identical, problems };
}

interface Target {
  readonly out: string;
  readonly format: 'eml' | 'pgp';
}

/** What went wrong, if anything did. */
async function exportTo(program: RunningProgram, person: Person, to: Target): Promise<string | undefined> {
  const words = ['user', 'export', '--address', person.address, '--password-stdin', '--out', to.out];
  const done = await program.siegel([...words, '--format', to.format, '--json'], PASSWORD);
  return done.code === 0 ? undefined : `export of ${person.address}: ${done.stdout}${done.stderr}`;
}

interface StoredFile {
  readonly path: string;
  readonly original: Original;
}

/** The stored form of every letter beside what its opened summary says of the original. */
async function exportStored(program: RunningProgram, person: Person, directory: string): Promise<StoredFile[]> {
  const out = join(directory, 'stored');
  const failed = await exportTo(program, person, { out, format: 'pgp' });
  if (failed !== undefined) throw new Error(failed);
  const session = await requireSession(person);
  const files = new Map<LetterId, string>();
  for (const file of (await readdir(out)).toSorted()) {
    const id = parseId<LetterId>(file.slice(file.lastIndexOf('-') + 1, -'.pgp'.length));
    if (id === undefined) throw new Error(`${file} names no letter`);
    files.set(id, join(out, file));
  }
  const rows = await readLetterRows(session.jmap, [], [...files.keys()]);
  if (!rows.ok) throw new Error(`the summaries cannot be read: ${rows.error.kind}`);
  const stored: StoredFile[] = [];
  for (const [id, path] of files) {
    const row = rows.value.summaries.get(id);
    const opened = row && (await session.summaries.open(row));
    if (!opened) throw new Error(`the summary of ${id} does not open`);
    stored.push({ path, original: opened.summary.original });
  }
  return stored;
}

export async function requireSession({ reach, signedIn }: Person): Promise<OpenSession> {
  const session = await openSession(reach, signedIn);
  if (!session.ok) throw new Error(`the session does not open: ${session.error.kind}`);
  return session.value;
}

interface Opening {
  readonly opener: Opener;
  readonly some: readonly StoredFile[];
  readonly person: Person;
  readonly directory: string;
}

async function openAll(work: Work, { opener, some, person, directory }: Opening): Promise<OpenedBy> {
  const [secretKey] = (await requireSession(person)).account.keyring.openpgp;
  if (secretKey === undefined) throw new Error('the keyring is empty');
  const folder = await mkdtemp(join(directory, 'keys-'));
  const keyFile = join(folder, 'secret.pgp');
  await writeFile(keyFile, secretKey, { mode: 0o600 });
  let identical = 0;
  const plain = await opener.open({ folder, keyFile, paths: some.map(({ path }) => path) });
  for (const { path, original } of some) {
    const problem = compareOpened(plain.get(path), original);
    if (problem === undefined) identical += 1;
    else work.problems.push(`${opener.program}, ${path.slice(directory.length + 1)}: ${problem}`);
  }
  const opened = { program: opener.program, letters: some.length, identical };
  work.openedBy.push(opened);
  return opened;
}

const BLOCK = /^Return-Path: <post@check\.example>\r\n(?:[^\r\n]+\r\n)+$/;
const PARAMETER = '; hp="cipher"';
const FIELD = 'Content-Type: text/plain; hp="cipher"\r\n';
const INSERTED = [PARAMETER, FIELD, `${FIELD}\r\n`];

/** The spans the summary records are our block and at most the one parameter; without them it is the original. */
function compareOpened(plain: Buffer | undefined, { insertions, sha256, sizeBytes }: Original): string | undefined {
  if (plain === undefined) return 'does not open';
  const kept: Buffer[] = [];
  const taken: string[] = [];
  let from = 0;
  let at = 0;
  for (const { offset, length } of insertions) {
    kept.push(plain.subarray(from, from + offset - at));
    from += offset - at;
    taken.push(plain.toString('latin1', from, from + length));
    from += length;
    at = offset;
  }
  kept.push(plain.subarray(from));
  const original = Buffer.concat(kept);
  const [block = '', ...inserted] = taken;
  if (!BLOCK.test(block)) return 'does not begin with our block';
  if (inserted.length > 1 || inserted.some((text) => !INSERTED.includes(text))) return 'has unknown insertions';
  if (original.length !== sizeBytes || digestOf(original) !== Buffer.from(sha256).toString('hex')) return 'other bytes';
  return undefined;
}

function chooseSome<T>(from: readonly T[], max: number): readonly T[] {
  const step = Math.max(1, from.length / max);
  return Array.from({ length: Math.min(from.length, max) }, (_, n) => from[Math.floor(n * step)]).filter(
    (one) => one !== undefined,
  );
}

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
