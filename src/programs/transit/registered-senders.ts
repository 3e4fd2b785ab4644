// Who may send documents from outside the house: a file with one address or @domain a line, read at the start.

import { readFileSync } from 'node:fs';
import { err, ok, type Result } from '#base/result.ts';
import { formatAddress, normaliseAddress, parseAddress, parseDomain } from '#formats/smtp/address.ts';

export interface RegisteredSenders {
  readonly count: number;
  /** A normalised address. */
  has(address: string): boolean;
}

export interface SendersRefusal {
  readonly kind: 'unreadable-senders' | 'bad-sender';
  readonly sentence: string;
}

export function readSenders(path: string | undefined): Result<RegisteredSenders, SendersRefusal> {
  if (path === undefined) return ok(sendersFrom([]));
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return err({ kind: 'unreadable-senders', sentence: `transit-senders names ${path}, which cannot be read.` });
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
