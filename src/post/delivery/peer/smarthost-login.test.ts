// The login for the smarthost: read from a file of two lines, refused when loose or odd, with what to do.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { describeLoginRefusal, readSmarthostLogin } from './smarthost-login.ts';

test('two lines are a login; anything else, or a file that others can read, is refused with a sentence', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-login-'));
  t.after(() => rm(folder, { recursive: true }));
  const write = async (text: string, mode = 0o600): Promise<string> => {
    const path = join(folder, `login${mode}${text.length}`);
    await writeFile(path, text, { mode });
    return path;
  };
  const login = { user: 'house@relay.test', plainPassword: ' a b ü ' };
  for (const end of ['', '\n', '\r\n', '\n\n'])
    assert.deepEqual(await readSmarthostLogin(await write(`house@relay.test\n a b ü ${end}`)), {
      ok: true,
      value: login,
    });
  const refusals: readonly (readonly [string, string, RegExp])[] = [
    [await write('a\nb', 0o644), 'loginPermissions', /chmod 600/],
    [join(folder, 'missing'), 'loginUnreadable', /SIEGEL_SMARTHOST_LOGIN/],
    [await write(''), 'loginDamaged', /two lines/],
    [await write('only a user\n'), 'loginDamaged', /two lines/],
    [await write('a\nb\nc\n'), 'loginDamaged', /two lines/],
  ];
  for (const [path, kind, words] of refusals) {
    const read = await readSmarthostLogin(path);
    assert.ok(!read.ok && read.error.kind === kind, path);
    const sentence = describeLoginRefusal(read.error);
    assert.match(sentence, words);
    assert.ok(!sentence.includes('only a user'));
  }
});
