// Issue 2, "what it must show" 3: every letter comes out as it went in, and other people's programs open the stored form.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkLetters, compareFolder, digestOf, findLetters, isCleanForData, type Checked } from '../check-letters.ts';
import { installedOpeners, type Opener } from '../openers.ts';
import { projectDir } from '../running-program.ts';

const letters = await findLetters(join(projectDir, 'test', 'letters'));
const OPENED_MAX = process.env['SIEGEL_LONG'] === undefined ? 60 : letters.length;
const installed = installedOpeners();

/** The twin of an opener: what it opens lacks the last byte of the first letter. */
function careless({ program, open }: Opener): Opener {
  return {
    program: `careless ${program}`,
    async open(order) {
      const [first, ...others] = await open({ ...order, paths: order.paths.slice(0, 2) });
      return new Map(first ? [[first[0], first[1].subarray(0, -1)], ...others] : others);
    },
  };
}

let checking: Promise<Checked> | undefined;
/** One run for all tests here: it is the whole program with every letter in it. */
function checked(): Promise<Checked> {
  const openers = [...installed, ...installed.slice(-1).map(careless)];
  checking ??= checkLetters(letters, { openers, openedMax: OPENED_MAX });
  return checking;
}

test('every letter that came by BDAT is exported byte for byte', async (t) => {
  const { bdat, refused, ...rest } = await checked();
  t.diagnostic(JSON.stringify({ bdat, data: rest.data, openedBy: rest.openedBy }));
  assert.deepEqual(refused, []);
  assert.deepEqual(bdat, { sent: letters.length, identical: letters.length });
});

test('every letter whose lines end in CRLF is exported byte for byte when it came by DATA', async () => {
  const { data } = await checked();
  assert.ok(data.sent > letters.length / 2);
  assert.equal(data.identical, data.sent);
});

for (const program of ['gpg', 'sq']) {
  const skip = !installed.some((opener) => opener.program === program) && `${program} is not installed`;
  test(`${program} opens the stored form to the same bytes and exactly the recorded insertions`, { skip }, async () => {
    const opened = (await checked()).openedBy.find((one) => one.program === program);
    assert.deepEqual(opened, { program, letters: OPENED_MAX, identical: OPENED_MAX });
  });
}

test(
  'a program that loses one byte of one letter is found out',
  { skip: installed.length === 0 && 'no gpg, no sq' },
  async () => {
    const { openedBy, problems } = await checked();
    const twin = openedBy.find(({ program }) => program.startsWith('careless'));
    assert.equal(twin?.identical, 1);
    assert.equal(problems.filter((problem) => problem.includes('other bytes')).length, 1);
  },
);

test('a letter that is changed, missing or too many among those that come out is named', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-compared-'));
  t.after(() => rm(folder, { recursive: true }));
  const sent = ['one', 'one', 'two'].map((text) => ({ name: text, digest: digestOf(Buffer.from(text)) }));
  const put = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  await Promise.all([put('a', 'one'), put('b', 'one'), put('c', 'two')]);
  assert.deepEqual(await compareFolder(folder, sent), { identical: 3, problems: [] });
  await put('c', 'twp');
  await put('d', 'one');
  const compared = await compareFolder(folder, sent);
  assert.equal(compared.identical, 2);
  assert.equal(compared.problems.length, 3);
});

test('letters with bare line ends, NUL or no last line end are not sent by DATA', () => {
  const clean = ['a: b\r\n\r\n', '\r\n', 'a\r\n.\r\nb\r\n'];
  const unclean = ['', 'a', 'a\n', 'a\rb\r\n', 'a\n\r\n', 'a\0\r\n', 'a\r\r\n'];
  assert.deepEqual(
    clean.map((text) => isCleanForData(Buffer.from(text))),
    [true, true, true],
  );
  assert.ok(unclean.every((text) => !isCleanForData(Buffer.from(text))));
});
