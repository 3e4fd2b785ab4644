// Contacts in the browser: found, read with their keys, written, changed, removed, imported, exported; axe finds nothing, in both themes and three widths.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';
import { openPageHouse, type PageHouse } from './page-house.ts';
import { looks } from './looks.ts';
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

async function openContacts(page: Page): Promise<void> {
  await house.signIn(page);
  await page.getByRole('button', { name: 'Contacts' }).click();
  await page.locator('.contact-row').first().waitFor();
}

describe('contacts', () => {
  test('somebody is found, read with the history of their keys, and compared', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await openContacts(page);
    await hasCount(page.locator('.contact-row'), 5);
    await page.getByRole('searchbox', { name: 'Search contacts' }).fill('demir');
    assert.deepEqual(await page.locator('.contact-row-name').allTextContents(), ['Hatice Demir']);
    await page.locator('.contact-row').click();
    const keys = page.locator('.contact-key');
    await hasCount(keys, 2);
    assert.match((await keys.first().textContent()) ?? '', /not compared.*D3A90C61.*First seen.*directory/s);
    assert.match((await keys.last().textContent()) ?? '', /Earlier key/);
    await page.getByRole('button', { name: 'I have compared it' }).click();
    await page.locator('.toast', { hasText: 'counts as compared' }).waitFor();
    assert.deepEqual(visitor.complaints, []);
    assert.deepEqual(visitor.elsewhere, []);
  });

  test('a new contact is kept, changed, written to and removed; what is no address is refused', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await openContacts(page);
    await page.getByRole('button', { name: 'New contact' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Nora Weiß');
    await page.getByLabel('Addresses').fill('nora@x.test, nonsense');
    await page.getByRole('alert').getByText('“nonsense” is not an address.').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Save' }).isDisabled());
    await page.getByLabel('Addresses').fill('nora@x.test, n.weiss@y.test');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.contact-name', { hasText: 'Nora Weiß' }).waitFor();
    await hasCount(page.locator('.contact .line'), 2);
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Note').fill('calls on Mondays');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.contact-note', { hasText: 'Mondays' }).waitFor();
    await page.locator('.contact').getByRole('button', { name: 'Write' }).first().click();
    await page.locator('.recipient', { hasText: 'Nora' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.contact').getByRole('button', { name: 'Remove' }).click();
    await page.locator('dialog, [role=dialog]').getByRole('button', { name: 'Remove' }).click();
    await page.locator('.contacts-nobody').waitFor();
    await hasCount(page.locator('.contact-row', { hasText: 'Nora' }), 0);
    assert.deepEqual(visitor.complaints, []);
  });

  test(
    'an address book is read in with a sentence of what became of it, and all are given out as one file',
    { skip },
    async () => {
      await using visitor = await house.visit();
      const { page } = visitor;
      await openContacts(page);
      const file = (text: string, name = 'book.vcf') => ({ name, mimeType: 'text/vcard', buffer: Buffer.from(text) });
      const input = page.locator('.contacts-files input[type=file]');
      await input.setInputFiles(file('BEGIN:VCARD\nVERSION:3.0\nFN:Emre Aydın\nEMAIL:emre@x.test\nEND:VCARD\n'));
      await page.locator('.contacts-told', { hasText: '1 contact added.' }).waitFor();
      await page.locator('.contact-row', { hasText: 'Emre' }).waitFor();
      await input.setInputFiles(file('a picture', 'x.vcf'));
      await page.locator('.contacts-told', { hasText: 'Nothing was changed.' }).waitFor();
      const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Export all' }).click(),
      ]);
      assert.equal(saved.suggestedFilename(), 'contacts.vcf');
      const text = await readFile(await saved.path(), 'utf8');
      assert.equal(text.match(/BEGIN:VCARD/g)?.length, 6);
      assert.match(text, /Emre/);
    },
  );

  for (const { theme, width } of looks()) {
    test(`axe finds nothing, ${theme}, ${width} pixels`, { skip, timeout: 60_000 }, async () => {
      const options = { viewport: { width, height: 844 }, colorScheme: theme, hasTouch: width < 720 };
      await using visitor = await house.visit(options);
      const { page } = visitor;
      const found: string[] = [];
      const look = async (name: string): Promise<void> => {
        found.push(...(await accessibility(page)).map((line) => `${name}: ${line}`));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) found.push(`${name}: ${wide} pixels too wide`);
      };
      await house.signIn(page);
      await page.evaluate(() => {
        location.hash = '#contacts';
      });
      await page.locator('.contact-row').first().waitFor();
      await look('list');
      await page.locator('.contact-row', { hasText: 'Hatice' }).click();
      await page.locator('.contact-key').first().waitFor();
      await look('card');
      await page.getByRole('button', { name: 'Edit' }).click();
      await page.locator('.contact-form').waitFor();
      await look('form');
      await page.evaluate(() => {
        location.hash = '#settings/general';
      });
      await page.locator('.line').first().waitFor();
      await look('addresses');
      await page.getByRole('button', { name: 'New alias' }).click();
      await page.locator('dialog .field-input').waitFor();
      await look('new alias');
      assert.deepEqual(found, []);
    });
  }
});

test(
  'an offered mailbox is taken up, a colleague added and removed; a stranger is refused in words',
  { skip },
  async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await page.evaluate(() => {
      location.hash = '#settings/general';
    });
    await page.getByText('fristen@kanzlei.test is offered to you.').waitFor();
    await page.getByRole('button', { name: 'Take it up' }).click();
    const box = page.locator('.line', { hasText: 'fristen@' });
    await box.getByRole('button', { name: 'Open' }).waitFor();
    await box.getByRole('button', { name: 'Add somebody' }).click();
    const dialog = page.locator('dialog');
    await dialog.getByLabel('Their address').fill('x@elsewhere.example');
    await dialog.getByRole('button', { name: 'Add somebody' }).click();
    await dialog.getByText('Nobody in this house has this address').waitFor();
    await dialog.getByLabel('Their address').fill('jonas.brandt@kanzlei.test');
    await dialog.getByRole('button', { name: 'Add somebody' }).click();
    await page.locator('.toast', { hasText: 'Offered to jonas' }).waitFor();
    assert.deepEqual(await accessibility(page), []);
    await page.locator('.line-inner', { hasText: 'jonas' }).last().getByRole('button', { name: 'Remove' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.locator('.toast', { hasText: 'has new keys' }).waitFor();
    assert.deepEqual(visitor.complaints, []);
  },
);

test(
  'an alias is taken up and given up in the settings; a name of the house is refused in words',
  { skip },
  async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await page.evaluate(() => {
      location.hash = '#settings/general';
    });
    await page.getByRole('button', { name: 'New alias' }).click();
    const dialog = page.locator('dialog');
    await dialog.getByLabel('Name').fill('postmaster');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByText('belong to the house').waitFor();
    await dialog.getByLabel('Name').fill('office');
    await dialog.getByRole('button', { name: 'Add' }).click();
    const line = page.locator('.line', { hasText: 'office@' });
    await line.waitFor();
    await line.getByRole('button', { name: 'Give up' }).click();
    await page.locator('dialog').getByRole('button', { name: 'Give up' }).click();
    await line.waitFor({ state: 'detached' });
    assert.deepEqual(visitor.complaints, []);
  },
);
