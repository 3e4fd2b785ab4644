// What the sample office is made of: its letters, its days, its folder, its page.

import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { programDir } from '#base/config/read.ts';
import { makeDisplay } from '#formats/message/display.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import type { StaticPages } from '#office/api/static-pages.ts';
import { arrivalTimes } from './chapters/mail/arrival-times.ts';
import { wholeMail } from './chapters/mail/whole-mail.ts';
import { createLetterWriter } from './chapters/mail/write-letters.ts';
import { demoFolderPath, readDemoFolder, removeDemoFolder, writeChapters } from './demo-folder.ts';
import { createDemoPages, PEOPLE_PATH, type DemoWreck } from './demo-pages.ts';
import { makeOutsiderKey } from './sealed-letter.ts';

const NOON_MS = new Date(2026, 4, 20, 12).getTime();

describe('the letters of the sample office', () => {
  it('are 240, and each of them can arrive here', () => {
    assert.equal(wholeMail.length, 240);
    for (const { from, to, cc = [] } of wholeMail) {
      const people = [from, ...to, ...cc].map(({ address }) => address);
      assert.ok(
        people.some((address) => address.endsWith('@kanzlei.test')),
        people.join(),
      );
      for (const address of people) assert.match(address, /^[a-z0-9.-]+@[a-z0-9.-]+\.test$/);
    }
  });

  it('lead nowhere: every address in them ends in .test', () => {
    for (const { plainText, plainHtml = '' } of wholeMail) {
      for (const [, host = ''] of `${plainText} ${plainHtml}`.matchAll(/https?:\/\/([^\s/"'<]+)/g)) {
        assert.match(host, /\.test$/);
      }
    }
  });

  it('read back as they were written down, sealed ones too', async () => {
    const dated = arrivalTimes(wholeMail, NOON_MS);
    const someone = await makeOutsiderKey('', 'someone@kanzlei.test', NOON_MS - 90 * 86_400_000);
    const all = new Set(wholeMail.flatMap(({ from, to }) => [from, ...to]).map(({ address }) => address));
    const write = createLetterWriter({
      writers: new Map([...all].map((address) => [address, someone.writer])),
      certificates: new Map([...all].map((address) => [address, someone.certificate])),
    });
    const seen = new Set<string>();
    for (const one of dated) {
      const bytes = new TextEncoder().encode(await write(one));
      const view = readLetter(bytes);
      const { letter } = one;
      assert.ok(view.messageId !== undefined && !seen.has(view.messageId), letter.subject);
      seen.add(view.messageId);
      assert.equal(view.from[0]?.address, letter.from.address);
      if (letter.seal !== undefined) {
        assert.equal(view.subject, '[...]');
        assert.equal(view.contentType.mediaType, 'multipart/encrypted');
        continue;
      }
      assert.equal(view.from[0]?.name, letter.from.name);
      assert.equal(view.subject, letter.subject);
      const shown = makeDisplay(bytes, view);
      assert.equal(shown.text?.replaceAll('\r\n', '\n').trim(), letter.plainText.trim());
      const files = (letter.files ?? []).length + (letter.meeting ? 1 : 0);
      assert.equal(shown.attachments.length + shown.images.size, files, letter.subject);
    }
    assert.equal(seen.size, 240);
  });

  for (const hour of [0, 3, 8, 12, 17, 23]) {
    it(`arrive one after the other and before now, at ${hour} o’clock too`, () => {
      const nowMs = new Date(2026, 4, 20, hour, 5).getTime();
      const dated = arrivalTimes(wholeMail, nowMs);
      assert.equal(dated.length, 240);
      for (const [at, { arrivesMs }] of dated.entries()) {
        assert.ok(Number.isInteger(arrivesMs) && arrivesMs < nowMs);
        assert.ok(at === 0 || arrivesMs >= (dated[at - 1]?.arrivesMs ?? 0) + 1_000);
      }
      const days = (nowMs - (dated[0]?.arrivesMs ?? 0)) / 86_400_000;
      assert.ok(days > 30 && days < 60, `${days} days`);
    });
  }
});

describe('the folder of the sample office', () => {
  const place = mkdtempSync(join(tmpdir(), 'siegel-demo-'));

  it('lies beside package.json, or beside the data where that was put elsewhere', () => {
    assert.equal(demoFolderPath({ dataDir: join(programDir, 'data') }), join(programDir, 'demo-data'));
    assert.equal(demoFolderPath({ dataDir: '/var/lib/siegel' }), '/var/lib/siegel-demo');
  });

  it('is never made in, and never removed with, a folder that holds something else', () => {
    const path = join(place, 'photos');
    mkdirSync(path);
    writeFileSync(join(path, 'holiday.jpg'), 'x');
    const read = readDemoFolder(path);
    assert.ok(!read.ok && read.error.reason === 'not-a-demo');
    // The same folder once it is marked as a sample office.
    const marked = join(place, 'office');
    const fresh = readDemoFolder(marked);
    assert.ok(fresh.ok && !fresh.value.isBroken);
    writeChapters(fresh.value, []);
    mkdirSync(fresh.value.dataDir);
    const begun = readDemoFolder(marked);
    assert.ok(begun.ok && begun.value.isBroken, 'a filling that was broken off is noticed');
    writeChapters(fresh.value, ['office-mail']);
    const filled = readDemoFolder(marked);
    assert.ok(filled.ok && !filled.value.isBroken);
    assert.deepEqual(filled.value.chapters, ['office-mail']);
    removeDemoFolder(filled.value);
    assert.equal(statSync(marked, { throwIfNoEntry: false }), undefined);
    rmSync(place, { recursive: true });
  });
});

describe('the page of the sample office', () => {
  const pages: StaticPages = {
    isBuilt: true,
    frame: undefined,
    find: (path) =>
      path === '/mail'
        ? new Response('<html><head></head>\n<body>\n<div id="page"></div></body></html>', {
            headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': 'kept' },
          })
        : new Response('nothing here', { status: path === '/x.js' ? 200 : 404 }),
  };

  const done: string[] = [];
  const note = (what: string) => async (): Promise<boolean> => done.push(what) > 0;
  const wreck: DemoWreck = { isBroken: false, break: note('break'), undo: note('undo') };

  it('is broken and mended only by who was told the way', async () => {
    const demo = createDemoPages(pages, () => true, wreck);
    const told: unknown = await demo.find(PEOPLE_PATH, '').json();
    const ways = (told as { readonly wreck: { readonly break: string; readonly undo: string } }).wreck;
    assert.equal(demo.find(`${PEOPLE_PATH}/break`, '').status, 404);
    assert.equal(demo.find(`${PEOPLE_PATH}/break/guessed`, '').status, 404);
    assert.deepEqual(done, []);
    assert.deepEqual(await demo.find(ways.break, '').json(), { isDone: true });
    assert.deepEqual(await demo.find(ways.undo, '').json(), { isDone: true });
    assert.deepEqual(done, ['break', 'undo']);
  });

  it('is marked, keeps its headers, and names its people', async () => {
    const demo = createDemoPages(pages, () => true, wreck);
    const document = demo.find('/mail', '');
    assert.equal(document.headers.get('content-security-policy'), 'kept');
    const text = await document.text();
    assert.match(text, /<meta name="siegel-demo" content="\/api\/demo">/);
    assert.match(text, /<div id="demo"><\/div>\s*<div id="page">/);
    const people = await demo.find(PEOPLE_PATH, '').json();
    assert.match(JSON.stringify(people), /leyla\.yildiz@kanzlei\.test/);
    assert.equal(await demo.find('/x.js', '').text(), 'nothing here');
    assert.equal(demo.find('/else', '').status, 404);
  });

  it('waits until the office is filled', () => {
    let isFilled = false;
    const demo = createDemoPages(pages, () => isFilled, wreck);
    assert.equal(demo.find('/mail', '').status, 503);
    assert.equal(demo.find('/x.js', '').status, 200);
    isFilled = true;
    assert.equal(demo.find('/mail', '').status, 200);
  });
});
