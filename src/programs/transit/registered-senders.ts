// Who may send documents from outside the house: a file with one address or @domain a line, read anew when it changed.

import { readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { formatAddress, normaliseAddress, parseAddress, parseDomain } from '#formats/smtp/address.ts';

export interface RegisteredSenders {
  readonly count: number;
  /** A normalised address. */
  has(address: string): boolean;
}

export interface SendersRefusal {
  readonly kind: 'unreadable-senders' | 'unsafe-senders' | 'bad-sender';
  readonly sentence: string;
}

type ReadFile = { readonly senders: RegisteredSenders; readonly mark: string };

/** At the start, while we may still read what is root's. */
export function readSenders(path: string | undefined): Result<RegisteredSenders, SendersRefusal> {
  if (path === undefined) return ok(sendersFrom([]));
  try {
    const facts = statSync(path);
    return parseFile(path, facts.mode, readFileSync(path, 'utf8'));
  } catch {
    return unreadable(path);
  }
}

export interface WatchedSenders {
  /** Who is registered now: looked at anew at most once a second, and only when the file changed. A broken file changes nothing. */
  has(address: string): Promise<boolean>;
}

const LOOK_MS = 1_000;

export function watchSenders(
  path: string | undefined,
  first: RegisteredSenders,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): WatchedSenders {
  let now: ReadFile = { senders: first, mark: '' };
  let lookedMs = -Infinity;
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const read = await readAgain(path ?? '', now.mark);
    if (read === undefined) return;
    const isFirst = now.mark === '';
    now = { senders: read.senders.ok ? read.senders.value : now.senders, mark: read.mark };
    if (!read.senders.ok) log.warn('transit.sendersNotRead', { kind: read.senders.error.kind });
    else if (!isFirst) log.info('transit.sendersRead', { count: now.senders.count });
  };
  return {
    async has(address) {
      if (path !== undefined && clock.monotonicMs() - lookedMs >= LOOK_MS) {
        lookedMs = clock.monotonicMs();
        looking = look();
      }
      await looking;
      return now.senders.has(address);
    },
  };
}

/** Undefined: it is as it was. */
async function readAgain(
  path: string,
  mark: string,
): Promise<{ readonly senders: Result<RegisteredSenders, SendersRefusal>; readonly mark: string } | undefined> {
  try {
    const facts = await stat(path);
    const newMark = [facts.mtimeMs, facts.ctimeMs, facts.size, facts.ino].join(' ');
    if (newMark === mark) return undefined;
    return { senders: parseFile(path, facts.mode, await readFile(path, 'utf8')), mark: newMark };
  } catch {
    return mark === 'gone' ? undefined : { senders: unreadable(path), mark: 'gone' };
  }
}

function unreadable(path: string): { readonly ok: false; readonly error: SendersRefusal } {
  return err({ kind: 'unreadable-senders', sentence: `transit-senders names ${path}, which cannot be read.` });
}

/** All of it or nothing: half a list would let people out without a word. */
function parseFile(path: string, mode: number, text: string): Result<RegisteredSenders, SendersRefusal> {
  if ((mode & 0o022) !== 0) {
    const sentence = `others than its owner may write ${path}, and could register themselves. Run: chmod go-w ${path}`;
    return err({ kind: 'unsafe-senders', sentence });
  }
  const entries: string[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const words = line.replace(/#.*/, '').trim();
    if (words === '') continue;
    const entry = parseEntry(words);
    if (entry === undefined) {
      const sentence = `line ${at + 1} of ${path} is neither an address nor an @domain.`;
      return err({ kind: 'bad-sender', sentence });
    }
    entries.push(entry);
  }
  return ok(sendersFrom(entries));
}

function parseEntry(words: string): string | undefined {
  if (words.startsWith('@')) {
    const domain = parseDomain(words.slice(1));
    return domain === undefined ? undefined : `@${domain}`;
  }
  const address = parseAddress(words);
  return address.ok ? formatAddress(normaliseAddress(address.value)) : undefined;
}

function sendersFrom(entries: readonly string[]): RegisteredSenders {
  const known = new Set(entries);
  return {
    count: known.size,
    has: (address) => known.has(address) || known.has(address.slice(address.lastIndexOf('@'))),
  };
}
