// Sample letters as the stand-in client holds them: opened, scrambled as the server would show them, and the hostile ones.

import type { LetterId } from '#base/ids.ts';
import type { Conversation, ListRow, OpenedLetter } from '#web/backend.ts';
import { vectors } from '../letters-hostile/vectors.ts';
import type { Sample } from './sample-letters.ts';

/** Letters of one sample conversation, and how many they are. */
export function threadIn(letters: Iterable<Held>, held: Held): readonly Held[] {
  return held.thread === undefined ? [held] : [...letters].filter((other) => other.thread === held.thread);
}

export function threadsIn(letters: Iterable<Held>): readonly Conversation[] {
  const known = new Map<string, LetterId[][]>();
  for (const { thread, row } of letters) if (thread) known.set(thread, [...(known.get(thread) ?? []), [row.id]]);
  return [...known.values()].filter((one) => one.length > 1);
}

export interface Held {
  readonly thread?: string | undefined;
  row: ListRow;
  readonly sample: Sample;
}

const HOUR_MS = 3_600_000;
export const me = { name: 'Leyla Yıldız', address: 'leyla.yildiz@kanzlei.test' };

/** Bytes that look sealed, the same for the same seed. */
export function scramble(seed: number, bytes: number): string {
  const out = new Uint8Array(bytes);
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  for (let i = 0; i < bytes; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    out[i] = state & 255;
  }
  return btoa(String.fromCharCode(...out));
}

/** A grey picture as large as its attachment says would be waste: one pixel stands for all. */
const onePixel = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwAEggJ/qJ5bZwAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
);

export function openedSample({ row, sample }: Held): OpenedLetter {
  const original = `From: ${sample.from[0]} <${sample.from[1]}>\r\nTo: ${me.name} <${me.address}>\r\nSubject: ${sample.subject}\r\nDate: ${new Date(row.receivedMs).toUTCString()}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${sample.text.replaceAll('\n', '\r\n')}\r\n`;
  return {
    id: row.id,
    from: row.from,
    to: row.to,
    cc: [],
    replyTo: [],
    subject: row.subject,
    sentMs: row.receivedMs - 2_000,
    plainHtml: sample.html,
    plainText: sample.text,
    inlineImages: [],
    attachments: (sample.files ?? []).map(([name, mediaType, sizeBytes]) => ({
      name,
      mediaType,
      sizeBytes,
      bytes: onePixel,
    })),
    plainOriginal: new TextEncoder().encode(original),
    unsubscribe: sample.unsubscribe,
    provenance: {
      transport: { kind: 'tls', version: '1.3' },
      arrivedMs: row.receivedMs,
      plainInMemoryMs: row.sign === 'on-arrival' ? 3 : undefined,
      authentication: { spf: 'pass', dkim: 'pass', dmarc: 'pass' },
      signedByDomain: sample.from[1].split('@')[1],
      keyKnownSinceMs: row.sign === 'end-to-end' ? row.receivedMs - 253 * 24 * HOUR_MS : undefined,
    },
    sign: row.sign,
  };
}

export const hostileLetters: readonly Sample[] = [
  {
    from: ['Mallory', 'mallory@hostile.test'],
    subject: 'only in a drawing',
    text: '',
    html: '<svg><text>Everything stands in here.</text></svg>',
    sign: 'on-arrival',
  },
  ...vectors.map((vector) => ({
    from: ['Mallory', 'mallory@hostile.test'] as const,
    subject: vector.name,
    text: 'hostile',
    html: vector.html.replaceAll('@/', 'https://catch.hostile.test/'),
    sign: 'on-arrival' as const,
  })),
];
