// The keys that letters leave signed with (RFC 6376, RFC 8463): one file beside the kit, with selectors that follow each other.

import { createPrivateKey, createPublicKey, generateKeyPair, randomBytes, type KeyObject } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';

export const DKIM_FILE = 'dkim-keys.json';
const FORMAT = 'siegel-dkim-keys/1';
const RSA_BITS = 2048; // RFC 8301 §3.2; 4096 does not fit one string of a TXT record in many panels
const HOUR_MS = 3_600_000;
/** How long a record must stay in DNS after its key's last signature: letters wait in other people's queues. */
const PUBLISHED_AFTER_MS = 14 * 24 * HOUR_MS;
const OTHERS = 0o077;

export type DkimAlgorithm = 'rsa-sha256' | 'ed25519-sha256';

export interface DkimKeyPair {
  /** `selector._domainkey.domain`; the same for each domain of the house. */
  readonly selector: string;
  readonly algorithm: DkimAlgorithm;
  readonly privateKey: KeyObject;
  readonly createdMs: number;
  /** Signs from here on: its record has to be in DNS by then. */
  readonly fromMs: number;
  /** Signs no more from here on. */
  readonly untilMs: number | undefined;
}

export interface DkimRecord {
  /** Below the domain. */
  readonly name: string;
  readonly text: string;
  /** Whether letters are signed with it now, will be, or were. */
  readonly state: 'coming' | 'signing' | 'leaving';
}

export type DkimKeysRefusal =
  | { readonly kind: 'dkimKeysUnreadable'; readonly path: string; readonly code: string }
  | { readonly kind: 'dkimKeysPermissions'; readonly path: string }
  | { readonly kind: 'dkimKeysDamaged'; readonly path: string }
  | { readonly kind: 'dkimKeysUnwritable'; readonly path: string; readonly code: string };

/** The house's keys; a first pair of both kinds is made where there is no file. Lost keys harm nobody: new ones are published. */
export async function openDkimKeys(
  folder: string,
  nowMs: number,
): Promise<Result<readonly DkimKeyPair[], DkimKeysRefusal>> {
  const read = await readDkimKeys(folder);
  if (!read.ok) return read;
  if (read.value !== undefined) return ok(read.value);
  const made = await makePairs([], { nowMs, fromMs: nowMs });
  const written = await writeKeys(folder, made);
  return written.ok ? ok(made) : written;
}

/** Undefined: there are none, and none are made. */
export async function readDkimKeys(
  folder: string,
): Promise<Result<readonly DkimKeyPair[] | undefined, DkimKeysRefusal>> {
  const path = join(folder, DKIM_FILE);
  const text = await readPrivate(path);
  if (!text.ok) {
    const isMissing = text.error.kind === 'dkimKeysUnreadable' && text.error.code === 'ENOENT';
    return isMissing ? ok(undefined) : text;
  }
  const keys = parseDkimKeys(text.value);
  return keys === undefined ? err({ kind: 'dkimKeysDamaged', path }) : ok(keys);
}

/** Keys that were kept elsewhere; those that are there already are this house's, too, and may be newer. */
export async function putDkimKeys(
  folder: string,
  keys: readonly DkimKeyPair[],
): Promise<Result<void, DkimKeysRefusal>> {
  const there = await readDkimKeys(folder);
  if (!there.ok) return there;
  return there.value === undefined ? writeKeys(folder, keys) : ok(undefined);
}

/**
 * New keys of both kinds that sign from `afterHours` on, when the old ones stop; keys whose record may leave DNS are dropped.
 * Until then both records must be published: `publishedRecords` says which.
 */
export async function rotate(
  folder: string,
  nowMs: number,
  afterHours = 48,
): Promise<Result<readonly DkimKeyPair[], DkimKeysRefusal>> {
  const opened = await openDkimKeys(folder, nowMs);
  if (!opened.ok) return opened;
  const fromMs = nowMs + afterHours * HOUR_MS;
  const kept = opened.value
    .filter(({ untilMs }) => untilMs === undefined || nowMs < untilMs + PUBLISHED_AFTER_MS)
    .filter((key) => key.fromMs <= nowMs) // a rotation that had not begun is replaced
    .map((key) => (key.untilMs !== undefined && key.untilMs <= nowMs ? key : { ...key, untilMs: fromMs }));
  const keys = [...kept, ...(await makePairs(kept, { nowMs, fromMs }))];
  const written = await writeKeys(folder, keys);
  return written.ok ? ok(keys) : written;
}

/** One key of each kind: the newest that may sign. */
export function signingKeysAt(keys: readonly DkimKeyPair[], nowMs: number): readonly DkimKeyPair[] {
  return (['rsa-sha256', 'ed25519-sha256'] as const).flatMap((algorithm) => {
    const able = keys.filter(
      (key) => key.algorithm === algorithm && key.fromMs <= nowMs && (key.untilMs === undefined || nowMs < key.untilMs),
    );
    return able.toSorted((a, b) => b.fromMs - a.fromMs).slice(0, 1);
  });
}

/** What each domain of the house publishes now (RFC 6376 §3.6.1). */
export function publishedRecords(keys: readonly DkimKeyPair[], nowMs: number): readonly DkimRecord[] {
  return keys
    .filter(({ untilMs }) => untilMs === undefined || nowMs < untilMs + PUBLISHED_AFTER_MS)
    .map((key) => ({
      name: `${key.selector}._domainkey`,
      text: `v=DKIM1; k=${key.algorithm === 'rsa-sha256' ? 'rsa' : 'ed25519'}; p=${publicHalf(key)}`,
      state: nowMs < key.fromMs ? 'coming' : key.untilMs === undefined || nowMs < key.untilMs ? 'signing' : 'leaving',
    }));
}

/** For an operator: what happened and what to do. */
export function describeDkimRefusal(refusal: DkimKeysRefusal): string {
  const { path } = refusal;
  switch (refusal.kind) {
    case 'dkimKeysUnreadable':
      return `The signing keys ${path} cannot be read (${refusal.code}). Give the file to the user that runs Siegel.`;
    case 'dkimKeysPermissions':
      return `${path} may be read by others. Run: chmod 600 '${path}'`;
    case 'dkimKeysDamaged':
      return `The signing keys ${path} are damaged. Put an undamaged copy back, or remove the file: new keys are made and their DNS records printed.`;
    case 'dkimKeysUnwritable':
      return `The signing keys ${path} could not be written (${refusal.code}). Make the folder writable for the user that runs Siegel.`;
    default:
      return refusal satisfies never;
  }
}

/** RSA: SubjectPublicKeyInfo; Ed25519: the bare 32 bytes (RFC 8463 §4). */
function publicHalf({ privateKey, algorithm }: DkimKeyPair): string {
  const spki = new Uint8Array(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }));
  return toBase64(algorithm === 'rsa-sha256' ? spki : spki.subarray(-32));
}

const generate = promisify(generateKeyPair);

async function makePairs(
  beside: readonly DkimKeyPair[],
  { nowMs, fromMs }: { readonly nowMs: number; readonly fromMs: number },
): Promise<readonly DkimKeyPair[]> {
  const rsa = await generate('rsa', { modulusLength: RSA_BITS });
  const ed25519 = await generate('ed25519', {});
  // the day for people, four random digits so that no two ever meet
  const day = new Date(nowMs).toISOString().slice(0, 10).replaceAll('-', '');
  let mark = randomBytes(2).toString('hex');
  while (beside.some(({ selector }) => selector.startsWith(`s${day}${mark}`))) mark = randomBytes(2).toString('hex');
  const common = { createdMs: nowMs, fromMs, untilMs: undefined };
  return [
    { ...common, selector: `s${day}${mark}r`, algorithm: 'rsa-sha256', privateKey: rsa.privateKey },
    { ...common, selector: `s${day}${mark}e`, algorithm: 'ed25519-sha256', privateKey: ed25519.privateKey },
  ];
}

export function formatDkimKeys(keys: readonly DkimKeyPair[]): string {
  const listed = keys.map(({ privateKey, untilMs, ...rest }) => ({
    ...rest,
    untilMs: untilMs ?? null,
    pkcs8: toBase64Url(new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }))),
  }));
  return `${canonicalJson({ format: FORMAT, keys: listed })}\n`;
}

/** Anything that is not exactly what `formatDkimKeys` writes is damage: undefined. */
export function parseDkimKeys(text: string): readonly DkimKeyPair[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const listed: unknown = parsed !== null && typeof parsed === 'object' && 'keys' in parsed ? parsed.keys : undefined;
    if (!Array.isArray(listed)) return undefined;
    const keys = listed.map((item: unknown) => readPair(item)).filter((key) => key !== undefined);
    return keys.length > 0 && formatDkimKeys(keys) === text ? keys : undefined;
  } catch {
    return undefined; // no JSON, or no private key
  }
}

function readPair(item: unknown): DkimKeyPair | undefined {
  if (item === null || typeof item !== 'object') return undefined;
  const facts = new Map<string, unknown>(Object.entries(item));
  const [selector, algorithm, pkcs8] = [facts.get('selector'), facts.get('algorithm'), facts.get('pkcs8')];
  const [createdMs, fromMs, untilMs] = [facts.get('createdMs'), facts.get('fromMs'), facts.get('untilMs')];
  const der = typeof pkcs8 === 'string' ? fromBase64(pkcs8) : undefined;
  if (typeof selector !== 'string' || !/^[a-z0-9]{1,63}$/.test(selector) || der === undefined) return undefined;
  if (algorithm !== 'rsa-sha256' && algorithm !== 'ed25519-sha256') return undefined;
  if (typeof createdMs !== 'number' || typeof fromMs !== 'number') return undefined;
  if (untilMs !== null && typeof untilMs !== 'number') return undefined;
  const privateKey = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  const wanted = algorithm === 'rsa-sha256' ? 'rsa' : 'ed25519';
  if (privateKey.asymmetricKeyType !== wanted) return undefined;
  return { selector, algorithm, privateKey, createdMs, fromMs, untilMs: untilMs ?? undefined };
}

async function readPrivate(path: string): Promise<Result<string, DkimKeysRefusal>> {
  try {
    if (((await stat(path)).mode & OTHERS) !== 0) return err({ kind: 'dkimKeysPermissions', path });
    return ok(await readFile(path, 'utf8'));
  } catch (cause) {
    return err({ kind: 'dkimKeysUnreadable', path, code: codeOf(cause) });
  }
}

/** Beside, synced, then moved over the old one: a power cut leaves the old file or the new one. */
async function writeKeys(folder: string, keys: readonly DkimKeyPair[]): Promise<Result<void, DkimKeysRefusal>> {
  const path = join(folder, DKIM_FILE);
  const temp = join(folder, `.${DKIM_FILE}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await using file = await open(temp, 'wx', 0o600);
    await file.writeFile(formatDkimKeys(keys));
    await file.sync();
    await rename(temp, path);
    await using opened = await open(folder, 'r');
    await opened.sync();
    return ok(undefined);
  } catch (cause) {
    return err({ kind: 'dkimKeysUnwritable', path, code: codeOf(cause) });
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown';
}
