// Writing and sending in a real browser, over the sample letters: people and their keys, drafts, undo, attachments, no connection.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openChromium } from './chromium.ts';
import { addRecipient, attach, openComposer, setLine } from './compose-shots.ts';
import { openLetter, openPageHouse, type PageHouse, type Visit } from './page-house.ts';
import { hasCount } from './has-count.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
let house: PageHouse;

before(async () => {
  if (browser) house = await openPageHouse(browser);
});
after(async () => {
  if (browser) await house[Symbol.asyncDispose]();
  await browser?.close();
});

/** Signed in, with an empty composer. */
async function writing(visitor: Visit): Promise<Page> {
  await house.signIn(visitor.page);
  await openComposer(visitor.page);
  return visitor.page;
}

const editor = (page: Page) => page.getByRole('textbox', { name: 'Message text' });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const chip = (page: Page, text: string) => page.locator('.recipient', { hasText: text });
const place = (page: Page, name: string) => page.locator('.nav-item', { hasText: name }).click();
const gone = (page: Page) => page.locator('.composer').waitFor({ state: 'detached' });

describe('writing', { concurrency: 3 }, () => {
  test('a letter to a colleague is sealed, sent and lies in Sent', { skip }, async () => {
    await using visitor = await house.visit();
    await house.signIn(visitor.page);
    const { page } = visitor;
    await button(page, 'Write').click();
    const field = page.getByRole('combobox', { name: 'To' });
    await field.pressSequentially('jon');
    await page.locator('.suggestion', { hasText: 'Jonas Brandt' }).waitFor();
    await field.press('Enter');
    await page.locator('.recipient[data-state=house]', { hasText: 'Jonas Brandt' }).waitFor();
    await page.getByRole('textbox', { name: 'Subject' }).fill('Mittagspause');
    await editor(page).click();
    await page.keyboard.type('Um eins am Brunnen.');
    await page.getByText(/saved, sealed \d\d:\d\d/).waitFor();
    await page.getByRole('button', { name: 'Seal and send' }).click();
    await page.getByText('Sent.', { exact: true }).waitFor();
    await gone(page);
    await place(page, 'Sent');
    await openLetter(page, 'Mittagspause');
    await page.getByText('Um eins am Brunnen.').last().waitFor();
    await place(page, 'Drafts');
    await page.getByText('No drafts.').waitFor();
    assert.deepEqual(visitor.complaints, []);
    assert.deepEqual(visitor.elsewhere, []);
  });

  test('without a key the button is ink and says so, in both languages', { skip }, async () => {
    for (const [locale, words, sentence] of [
      ['en-GB', 'Send, unsealed for 1', 'No key is known for j.meier@x.test.'],
      ['de-DE', 'Senden, für 1 unversiegelt', 'Für j.meier@x.test ist kein Schlüssel bekannt.'],
    ] as const) {
      await using visitor = await house.visit({ locale });
      const page = await writing(visitor);
      await addRecipient(page, 'leyla.yildiz@kanzlei.test');
      await hasCount(page.locator('.send-open'), 0);
      await addRecipient(page, 'j.meier@x.test');
      await page.locator('.send-open', { hasText: words }).waitFor();
      await page.getByText(sentence).waitFor();
      await chip(page, 'j.meier').locator('.recipient-remove').click();
      await page.locator('.send-open').waitFor({ state: 'detached' });
      await hasCount(page.getByText(sentence), 0);
    }
  });

  test('a changed key stops it; both fingerprints are shown, and compared it goes', { skip }, async () => {
    await using visitor = await house.visit();
    const page = await writing(visitor);
    await addRecipient(page, 'changed@notariat.test');
    await page.getByText('This key has changed. Compare before you send.').waitFor();
    assert.ok(await page.locator('.send-main').isDisabled());
    await button(page, 'Compare').click();
    await hasCount(page.locator('.fingerprint'), 2);
    assert.equal(await page.locator('.fingerprint').nth(1).locator('dd span').first().textContent(), '77F2');
    await button(page, 'Cancel').click();
    assert.ok(await page.locator('.send-main').isDisabled(), 'nothing was decided');
    await button(page, 'Compare').click();
    await button(page, 'I compared it').click();
    await page.locator('.recipient[data-state=verified]').waitFor();
    await page.locator('.send-main').click();
    await page.getByText('Sent.', { exact: true }).waitFor();
  });

  test('pasted lists become chips, wrong ones say so and are corrected', { skip }, async () => {
    await using visitor = await house.visit({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await writing(visitor);
    await page.evaluate(() => navigator.clipboard.writeText('Tom <tom@a.test>, mara@b.test; niemand@kanzlei.test'));
    await page.locator('.recipient-input').focus();
    await page.keyboard.press('Control+v');
    await chip(page, 'niemand').waitFor();
    await hasCount(page.locator('.recipient'), 3);
    await page.getByText('Nobody here has the address niemand@kanzlei.test.').waitFor();
    assert.ok(await page.locator('.send-main').isDisabled());
    await page.locator('.recipient-input').focus();
    await page.keyboard.press('Backspace');
    await page.locator('.recipient-face:focus').waitFor();
    await page.keyboard.press('Delete');
    await page.waitForFunction(() => document.querySelectorAll('.recipient').length === 2);
    await page.locator('.recipient-face:focus').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.locator('.recipient-input:focus').waitFor();
    await page.keyboard.type('tom at home');
    await page.keyboard.press('Enter');
    await page.getByText('“tom at home” is not an address.').waitFor();
    await chip(page, 'tom at home').locator('.recipient-face').click();
    assert.equal(await page.locator('.recipient-input').inputValue(), 'tom at home');
  });
});

describe('the text', { concurrency: 3 }, () => {
  test(
    'bold, lists, quotes and links are written, taken back by the browser, and reach the letter',
    { skip },
    async () => {
      await using visitor = await house.visit();
      const page = await writing(visitor);
      await addRecipient(page, 'jonas.brandt@kanzlei.test');
      await page.locator('.compose-subject').fill('Gestaltet');
      await editor(page).click();
      await page.keyboard.type('Ganz ');
      await button(page, 'Bold').click();
      await page.keyboard.type('wichtig');
      await page.locator('.format-tool[aria-pressed=true]').waitFor();
      await page.keyboard.press('Control+z');
      await page.keyboard.press('Control+Shift+z');
      await button(page, 'Bold').click();
      await page.keyboard.press('Enter');
      await button(page, 'List').click();
      await page.keyboard.type('eins');
      await page.keyboard.press('Enter');
      await page.keyboard.type('zwei');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      await button(page, 'Link').click();
      await page.locator('dialog input').fill('javascript:alert(1)');
      await page.keyboard.press('Enter');
      await page.getByText('A link begins with https://').waitFor();
      await page.locator('dialog input').fill('rechtsbrief.test/41');
      await page.keyboard.press('Enter');
      await page.locator('.editor-text a').waitFor();
      await page.locator('.send-main').click();
      await gone(page);
      await place(page, 'Sent');
      await openLetter(page, 'Gestaltet');
      const frame = page.frameLocator('.letter-frame');
      assert.equal(await frame.locator('b').textContent(), 'wichtig');
      assert.deepEqual(await frame.locator('li').allTextContents(), ['eins', 'zwei']);
      assert.equal(await frame.locator('a').getAttribute('href'), 'https://rechtsbrief.test/41');
      assert.deepEqual(visitor.complaints, []);
    },
  );

  test('pasted HTML loses styles, scripts and pictures from elsewhere', { skip }, async () => {
    await using visitor = await house.visit();
    const page = await writing(visitor);
    await editor(page).click();
    await editor(page).evaluate((place) => {
      const data = new DataTransfer();
      data.setData(
        'text/html',
        '<style>p{color:red}</style><p style="background:url(https://spy.test/a)" onclick="alert(1)">Guten <b>Tag</b><img src="https://spy.test/b" onerror="alert(2)"></p><script>alert(3)</script><svg onload="alert(4)"></svg>',
      );
      place.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    });
    await editor(page).getByText('Guten').waitFor();
    const html = await editor(page).innerHTML();
    assert.doesNotMatch(html, /spy|style|script|onclick|onerror|svg|<img/);
    assert.match(html, /<b>Tag<\/b>/);
    assert.deepEqual(visitor.elsewhere, []);
    // The browser tells of handlers it refused while the purifier read them in a document of its own.
    assert.deepEqual(
      visitor.complaints.filter((text) => !/inline event handler.*blocked/s.test(text)),
      [],
    );
    await page.keyboard.press('Control+z');
    assert.equal((await editor(page).textContent()) ?? '', '');
  });

  test('plain text has no formats and stays plain', { skip }, async () => {
    await using visitor = await house.visit();
    const page = await writing(visitor);
    await editor(page).click();
    await page.keyboard.type('eins');
    await button(page, 'Plain text').click();
    assert.equal(await editor(page).inputValue(), 'eins');
    await hasCount(button(page, 'Bold'), 0);
    await button(page, 'Formatted text').click();
    assert.equal(await editor(page).textContent(), 'eins');
  });

  test('r answers with the letter quoted behind "…", and the row is marked', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await openLetter(page, 'Settlement frame');
    await page.keyboard.press('r');
    await chip(page, 'Tom Whitfield').waitFor();
    assert.equal(await page.locator('.compose-subject').inputValue(), 'Re: Settlement frame');
    await page.keyboard.type('Dear Tom, thank you.');
    assert.equal(await editor(page).textContent(), 'Dear Tom, thank you.');
    await button(page, 'Show the quoted message').click();
    await editor(page).getByText('We accept the settlement frame').waitFor();
    await editor(page).locator('blockquote[type=cite]').waitFor();
    await page.locator('.send-main').click();
    await gone(page);
    await page.locator('.row', { hasText: 'Settlement frame' }).first().getByTitle('Answered').waitFor();
    await place(page, 'Sent');
    await openLetter(page, 'Re: Settlement frame');
    await page.frameLocator('.letter-frame').getByText('Tom Whitfield wrote:').waitFor();
  });

  test('the box below a letter answers, a answers all, f forwards with its files', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await openLetter(page, 'Termin verlegt');
    await page.getByText('Reply …').click();
    await chip(page, 'Jonas Brandt').waitFor();
    await page.keyboard.press('Escape');
    await gone(page);
    await page.keyboard.press('f');
    await page.locator('.file-chip', { hasText: 'Ladung Demir.pdf' }).waitFor();
    await editor(page).getByText('Forwarded message').waitFor();
    await hasCount(page.locator('.recipient'), 0);
  });
});

describe('drafts', { concurrency: 3 }, () => {
  test('a closed letter lies in Drafts and goes on where it was, with its quote folded', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await openLetter(page, 'Termin verlegt');
    await page.keyboard.press('r');
    await page.locator('.editor-quote').waitFor();
    await page.keyboard.type('Lieber Jonas');
    await attach(page, 'Notiz.pdf', 5_000);
    await page.keyboard.press('Escape');
    await page.getByText('Kept in Drafts.').waitFor();
    await place(page, 'Drafts');
    await page.locator('.draft-row').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await chip(page, 'Jonas Brandt').waitFor();
    assert.equal(await editor(page).textContent(), 'Lieber Jonas');
    await page.locator('.editor-quote').waitFor();
    await page.locator('.file-chip', { hasText: 'Notiz.pdf' }).waitFor();
    await button(page, 'Delete draft').click();
    await page.getByText('No drafts.').waitFor();
    await button(page, 'Undo').click();
    await chip(page, 'Jonas Brandt').waitFor();
    assert.deepEqual(visitor.complaints, []);
  });

  test('undo opens the letter again; z does too', { skip }, async () => {
    await using visitor = await house.visit();
    const page = await writing(visitor);
    for (const how of ['press', 'z'] as const) {
      if (how === 'press') await addRecipient(page, 'jonas.brandt@kanzlei.test');
      await page.locator('.compose-subject').fill(`Zurück ${how}`);
      await page.locator('.send-main').click();
      await gone(page);
      if (how === 'press') await button(page, 'Undo').click();
      else await page.keyboard.press('z');
      await chip(page, 'jonas.brandt').waitFor();
      assert.equal(await page.locator('.compose-subject').inputValue(), `Zurück ${how}`);
    }
    await place(page, 'Sent');
    await page.locator('.row').first().waitFor();
    await hasCount(page.locator('.row', { hasText: 'Zurück' }), 0);
  });

  test('the time to undo is a setting; none at all sends at once', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await page.keyboard.press(',');
    await page.getByLabel('Undo after sending').selectOption({ label: 'Send at once' });
    await page.keyboard.press('Escape');
    await openComposer(page);
    await addRecipient(page, 'jonas.brandt@kanzlei.test');
    await page.keyboard.press('Control+Enter');
    await page.getByText('Sent.', { exact: true }).waitFor();
    await hasCount(button(page, 'Undo'), 0);
  });

  test('sent later it waits in Drafts, says when it leaves, and is cancelled', { skip }, async () => {
    await using visitor = await house.visit();
    const page = await writing(visitor);
    await addRecipient(page, 'jonas.brandt@kanzlei.test');
    await page.locator('.compose-subject').fill('Morgen');
    await button(page, 'Send later').click();
    await page.getByRole('menuitem', { name: 'Tomorrow morning' }).click();
    await page.getByText('Leaves tomorrow 08:00.').waitFor();
    for (const name of ['Sent', 'Drafts']) {
      await place(page, name);
      await page.locator('.waiting-row', { hasText: 'leaves tomorrow 08:00' }).waitFor();
    }
    await page.locator('.waiting-row').getByRole('button', { name: 'Cancel' }).click();
    await chip(page, 'jonas.brandt').waitFor();
    await page.locator('.waiting-row').waitFor({ state: 'detached' });
  });
});

describe('files and lines', { concurrency: 3 }, () => {
  test('files are attached, removed, and too many are told before anything is sent', { skip }, async () => {
    await using visitor = await house.visit();
    const page = await writing(visitor);
    await addRecipient(page, 'jonas.brandt@kanzlei.test');
    await attach(page, 'klein.pdf', 84_000);
    await page.locator('.file-chip', { hasText: '84 kB' }).waitFor();
    await attach(page, 'gross.pdf', 36_000_000);
    await page.getByText('These attachments are 36.1 MB together').waitFor();
    assert.ok(await page.locator('.send-main').isDisabled());
    await button(page, 'Remove gross.pdf').click();
    await page.locator('.send-main:enabled').click();
    await gone(page);
    await place(page, 'Sent');
    await page.locator('.row').first().getByTitle('1 attachment').waitFor();
  });

  test('a dropped file is attached and nothing is opened', { skip }, async () => {
    await using visitor = await house.visit();
    const page = await writing(visitor);
    await page.locator('.composer').evaluate((sheet) => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'gezogen.txt', { type: 'text/plain' }));
      for (const type of ['dragover', 'drop']) {
        sheet.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      }
    });
    await page.locator('.file-chip', { hasText: 'gezogen.txt' }).waitFor();
    assert.match(page.url(), /\/mail/);
  });

  test('without a connection it waits here and leaves by itself, also when it was closed', { skip }, async () => {
    await using visitor = await house.visit();
    const page = await writing(visitor);
    await addRecipient(page, 'jonas.brandt@kanzlei.test');
    await page.locator('.compose-subject').fill('Funkloch');
    await setLine(page, false);
    await page.locator('.send-main').click();
    await page.getByText('Not sent yet: no connection. It waits here and leaves by itself.').waitFor();
    await setLine(page, true);
    await page.getByText('Sent.', { exact: true }).waitFor();
    await gone(page);
    await openComposer(page);
    await addRecipient(page, 'sekretariat@kanzlei.test');
    await page.locator('.compose-subject').fill('Zweites Funkloch');
    await setLine(page, false);
    await page.locator('.send-main').click();
    await page.locator('.compose-hindrance').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.held-line', { hasText: 'Zweites Funkloch' }).waitFor();
    await setLine(page, true);
    await page.locator('.held').waitFor({ state: 'detached' });
    await place(page, 'Sent');
    await page.locator('.row', { hasText: 'Zweites Funkloch' }).first().waitFor();
  });

  test(
    'keys typed in the sheet are never commands, and the sheet is put aside and opened again',
    { skip },
    async () => {
      await using visitor = await house.visit();
      const page = await writing(visitor);
      const rows = await page.locator('.row').count();
      await page.locator('.compose-subject').fill('ea#');
      await button(page, 'Enlarge').focus();
      await page.keyboard.press('e');
      await page.keyboard.press('#');
      await hasCount(page.locator('.row'), rows);
      await button(page, 'Minimise').click();
      await page.locator('.composer[data-size=small]').waitFor();
      await button(page, 'Open again').click();
      assert.equal(await page.locator('.compose-subject').inputValue(), 'ea#');
    },
  );
});
