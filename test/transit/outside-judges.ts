// What other people's programs say of a file: qpdf, pdfinfo, pdffonts, pdftotext, jbig2dec; each where it is installed.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const isInstalled = new Map<string, boolean>();

export function hasProgram(name: string): boolean {
  const known = isInstalled.get(name) ?? spawnSync(name, ['--version']).error === undefined;
  isInstalled.set(name, known);
  return known;
}

/** Runs `work` with a path of the file; nothing is left. */
export function withFile<T>(bytes: Uint8Array, work: (path: string, folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-judged-'));
  try {
    const path = join(folder, 'in.pdf');
    writeFileSync(path, bytes);
    return work(path, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function say(program: string, args: readonly string[]): { readonly code: number | null; readonly text: string } {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { code: done.status, text: `${done.stdout}${done.stderr}` };
}

/** Without blanks: readers part words at their own discretion. */
export function textSeen(bytes: Uint8Array): string {
  return withFile(bytes, (path) => say('pdftotext', ['-q', path, '-']).text.replaceAll(/\s+/g, ''));
}

/** Asserts what can be judged from outside; names of the programs that were asked. */
export function judgeFromOutside(bytes: Uint8Array, { pages }: { readonly pages: number }): readonly string[] {
  return withFile(bytes, (path, folder) => {
    const asked: string[] = [];
    const ask = (
      program: string,
      args: readonly string[],
      judge: (text: string, code: number | null) => void,
    ): void => {
      if (!hasProgram(program)) return;
      asked.push(program);
      const { code, text } = say(program, args);
      judge(text, code);
    };
    ask('qpdf', ['--check', path], (text, code) => assert.equal(code, 0, text));
    ask('pdfinfo', [path], (text, code) => {
      assert.equal(code, 0, text);
      assert.match(text, new RegExp(`^Pages: +${pages}$`, 'm'));
      assert.match(text, /^Encrypted: +no$/m);
      assert.match(text, /^JavaScript: +no$/m);
      assert.match(text, /^PDF version: +(1\.[4-7]|2\.0)$/m);
      assert.doesNotMatch(text, /^(Author|Creator|Producer|Title|CreationDate|ModDate): /m);
    });
    ask('pdffonts', [path], (text, code) => {
      assert.equal(code, 0, text);
      // name type encoding emb sub uni object: `emb` is the fifth from the end
      for (const line of text
        .split('\n')
        .slice(2)
        .filter((one) => one.trim() !== ''))
        assert.equal(line.trim().split(/\s+/).at(-5), 'yes', line);
    });
    ask('pdftotext', ['-q', path, '-'], (text, code) => assert.equal(code, 0, text));
    if (hasProgram('pdfimages') && hasProgram('jbig2dec') && say('pdfimages', ['-list', path]).text.includes('jbig2')) {
      asked.push('jbig2dec');
      say('pdfimages', ['-jbig2', path, join(folder, 'picture')]);
      const streams = readdirSync(folder).filter((name) => name.endsWith('.jb2e'));
      assert.ok(streams.length > 0);
      for (const name of streams) {
        const { code, text } = say('jbig2dec', ['-e', '-t', 'pbm', '-o', '/dev/null', join(folder, name)]);
        assert.equal(code, 0, text);
      }
    }
    return asked;
  });
}
