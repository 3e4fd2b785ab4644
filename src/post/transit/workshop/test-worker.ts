// A worker for tests: tries what its locks should refuse, misbehaves as it is told, and plays the other roles on small stand-ins for documents.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { unreachable } from '#base/assert.ts';
import { err, ok } from '#base/result.ts';
import type { Trial } from './messages.ts';
import { serveWork, type Skills } from './serve-work.ts';

function connects(port: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => resolve(socket.destroy().destroyed));
  });
}

async function succeeds(what: Trial, where: string): Promise<boolean> {
  try {
    switch (what) {
      case 'write':
        writeFileSync(where, 'plain text');
        return true;
      case 'read':
        return readFileSync(where).length > 0;
      case 'connect':
        return await connects(where);
      case 'start':
        return spawnSync(where).status === 0;
      default:
        return unreachable(what);
    }
  } catch {
    return false;
  }
}

const kept: unknown[] = [];

/** Words that a stand-in for a document may hold: `HANG`, `DIE` … do what they say to the worker that meets them. */
function misbehave(text: string): void {
  if (text.includes('HANG')) for (;;) kept.length = 0;
  if (text.includes('DIE')) process.abort();
  if (text.includes('NOISE')) process.stdout.write('a library that prints');
  if (text.includes('LENGTHS')) process.stdout.write(Buffer.from('ffffffffffffffff', 'hex'));
  if (text.includes('BUFFERS')) for (;;) kept.push(Buffer.alloc(64 << 20, 1));
  if (text.includes('HEAP')) for (;;) kept.push(Array.from<number>({ length: 1 << 20 }).fill(0.5));
  if (text.includes('WASM')) {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536 });
    for (;;) {
      const before = memory.grow(1_024) * 65_536;
      new Uint8Array(memory.buffer).fill(1, before);
    }
  }
  if (text.includes('THROW')) throw new Error(text);
}

/** Everything that this process ever saw of documents: it comes out in what it makes. */
const seen = new Set<string>();
let current = '';

function look(bytes: Uint8Array, step: string): string {
  const text = Buffer.from(bytes).toString('latin1');
  for (const [marker] of text.matchAll(/marker-\w+/g)) seen.add(marker);
  if (text.includes(`at-${step}`)) misbehave(text);
  return text;
}

const box = { left: 0, top: 0, width: 1, height: 1 };
const grey = { width: 1, height: 1, channels: 1, pixels: Uint8Array.of(0), dpi: 300 } as const;
const skills: Skills = {
  try: async ({ what, where }) => {
    if (where === 'environment') return ok({ isRefused: Object.keys(process.env).length === 0 });
    return ok({ isRefused: !(await succeeds(what, where)) });
  },
  extract: async ({ file, foundIn, bounds }) => {
    look(file.bytes, 'extract');
    // three of four workers never need it
    const { extractFiles } = await import('../extract/extract-files.ts');
    return ok(extractFiles([file], bounds, foundIn));
  },
  inspect: async ({ bytes }) => {
    const text = look(bytes, 'inspect');
    if (text.includes('SIGNED')) return err({ kind: 'signed' });
    const pages = Number(/pages=(\d+)/.exec(text)?.[1] ?? '1');
    const page = { kind: 'scan', box: undefined, dpi: undefined } as const;
    return ok({ pages: Array.from({ length: pages }, () => page), keep: undefined, attachments: [] });
  },
  page: async ({ bytes, index, mayPart }) => {
    if (bytes !== undefined) current = look(bytes, 'page');
    const words = [
      `${index}`,
      ...seen,
      /CLAIM-\w+/.exec(current)?.[0] ?? '',
      current.includes('SMALL') ? '' : 'x'.repeat(100),
    ];
    const line = words.map((text) => ({ text, box, baseline: 0, confidence: 90 }));
    return ok({
      page: {
        widthPt: 595.28,
        heightPt: 841.89,
        dpi: 300,
        mask: { width: 8, height: 1, bytes: Uint8Array.of(1) },
        inks: [],
        grounds: [],
        text: { lines: [line], confidence: 90 },
      },
      steps: {
        source: 'scan',
        isCropped: false,
        turnedDegrees: 0,
        skewDegrees: 0,
        skewLeftDegrees: 0,
        isLightEvened: false,
        inkKept: 1,
      },
      inkShare: 0.1,
      tookMs: 1,
      lower: mayPart && current.includes('PARTS') ? { grey, top: 7 } : undefined,
    });
  },
  read: async ({ grey: part }) => {
    // the page's own worker: another one knows nothing of the page
    if (part === undefined) misbehave(current.includes('at-read') ? current : '');
    const word = { text: part === undefined ? 'upper' : 'lower', box, baseline: 0, confidence: 90 };
    return ok({ lines: [[word]], confidence: 90 });
  },
  bind: async ({ made }) => {
    const text = made.flatMap(({ page }) => page.text.lines.flat().map((word) => word.text)).join(' ');
    misbehave(process.argv[2] ?? '');
    const plain = Buffer.from(`%PDF-made ${text}`);
    if (!text.includes('CLAIM-')) return ok({ bytes: plain, unclaimed: undefined });
    const claim = text.includes('CLAIM-large') ? 'CLAIMED'.repeat(500) : 'CLAIMED';
    return ok({
      bytes: Buffer.concat([plain, Buffer.from(claim)]),
      unclaimed: { at: plain.length - 1, tail: plain.subarray(-1) },
    });
  },
  merge: async ({ parts, isClaimed }) => {
    const all = parts.map(({ bytes, title, foundIn }) => ({
      text: Buffer.from(bytes).toString('latin1'),
      mark: [...foundIn, title].join('/'),
    }));
    const taken = all.flatMap(({ text }, index) => (text.includes('ALONE') ? [] : [index]));
    const inside = taken.map((index) => `${all[index]?.mark}`).join(' ');
    return ok({ bytes: Buffer.from(`%PDF-made ${inside}${isClaimed ? ' CLAIMED' : ''}`), taken });
  },
  glance: async ({ source }) => {
    const pages = Number(/pages=(\d+)/.exec(look(source, 'glance'))?.[1] ?? '1');
    return ok({ seen: { pages, thumbs: Uint8Array.of(1) } });
  },
  verify: async ({ bytes, expectation }) => {
    const text = look(bytes, 'verify');
    const isMet = text.startsWith('%PDF-made') && expectation.pages.length > 0 && !expectation.newName.includes('lie');
    const isFalse = text.includes('CLAIM-false') && text.includes('CLAIMED');
    const { source, glance } = expectation;
    const came = glance === undefined ? (source === undefined ? 'nothing' : 'the file') : `a glance at ${glance.pages}`;
    return ok([
      { name: 'parses', isMet, seen: `${bytes.length} bytes` },
      { name: 'version', isMet: !isFalse, seen: isFalse ? 'claims PDF/A, but 6.9 layers' : 'PDF 1.7' },
      { name: 'pages', isMet: true, seen: `beside ${came}` },
    ]);
  },
};

await serveWork(skills, process.stdin, process.stdout);
