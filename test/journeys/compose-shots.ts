// The steps that lead to each picture of the composer; screenshots.ts takes them.

import type { Page } from 'playwright-core';
import { openLetter } from './page-house.ts';

interface Shot {
  readonly name: string;
  readonly steps: (page: Page) => Promise<void>;
}

const text =
  'Liebe Kollegin,\n\nanbei der Entwurf mit den Änderungen aus der Besprechung. Zwei Punkte sind noch offen.';

/** Cuts the line of the stand-in client, or puts it back. */
export async function setLine(page: Page, isUp: boolean): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  await page.evaluate((data) => new BroadcastChannel('fake-line').postMessage(data), isUp);
}

/** Opens an empty composer. */
export async function openComposer(page: Page): Promise<void> {
  await page.locator('.row').first().waitFor();
  await page.keyboard.press('c');
  await page.locator('.composer').waitFor();
}

/** Types an address as the next recipient and waits until its key is known. */
export async function addRecipient(page: Page, address: string): Promise<void> {
  const field = page.locator('.recipient-input').first();
  await field.fill(address);
  await field.press('Enter');
  await page
    .locator('.recipient:not([data-state=asking])', { has: page.locator('.recipient-face') })
    .last()
    .waitFor();
}

async function writeLetter(page: Page, people: readonly string[]): Promise<void> {
  await openComposer(page);
  for (const address of people) await addRecipient(page, address);
  await page.locator('.compose-subject').fill('Vergleichsentwurf');
  await page.locator('.editor-text').click();
  await page.keyboard.insertText(text);
}

/** Chosen in the page itself: many megabytes need not travel there first. */
export async function attach(page: Page, name: string, bytes: number): Promise<void> {
  await page.locator('.composer input[type=file]').evaluate(
    (input, file) => {
      const chosen = new DataTransfer();
      chosen.items.add(new File([new Uint8Array(file.bytes).fill(1)], file.name, { type: 'application/pdf' }));
      if (input instanceof HTMLInputElement) input.files = chosen.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    },
    { name, bytes },
  );
  await page.locator('.file-chip', { hasText: name }).waitFor();
}

export const composeShots: readonly Shot[] = [
  { name: 'compose-new', steps: openComposer },
  {
    name: 'compose-colleague',
    steps: async (page) => {
      await writeLetter(page, ['leyla.yildiz@kanzlei.test', 'verified@notariat.test', 'hatice.demir@feldpost.test']);
      await attach(page, 'Vergleichsentwurf.pdf', 284_113);
      await page.locator('.compose-kept[data-kind=saved]').waitFor();
    },
  },
  {
    name: 'compose-outsider',
    steps: async (page) => {
      await writeLetter(page, ['jonas.brandt@kanzlei.test', 'j.meier@x.test']);
      await page.locator('.send-open').waitFor();
    },
  },
  { name: 'compose-changed', steps: (page) => writeLetter(page, ['changed@notariat.test']) },
  {
    name: 'compose-compare',
    steps: async (page) => {
      await writeLetter(page, ['changed@notariat.test']);
      await page.locator('.note .button').click();
      await page.locator('.fingerprints').waitFor();
    },
  },
  {
    name: 'compose-suggest',
    steps: async (page) => {
      await openComposer(page);
      await page.locator('.recipient-input').first().pressSequentially('mar');
      await page.locator('.suggestion').first().waitFor();
    },
  },
  {
    name: 'compose-wrong',
    steps: async (page) => {
      await openComposer(page);
      await addRecipient(page, 'niemand@kanzlei.test');
      await addRecipient(page, 'leyla.yildiz');
    },
  },
  {
    name: 'compose-reply',
    steps: async (page) => {
      await openLetter(page, 'Termin verlegt');
      await page.keyboard.press('r');
      await page.locator('.editor-quote').waitFor();
      await page.keyboard.insertText('Lieber Jonas, das übernehme ich heute noch.');
    },
  },
  {
    name: 'compose-quote',
    steps: async (page) => {
      await openLetter(page, 'Settlement frame');
      await page.keyboard.press('a');
      await page.locator('.editor-quote').click();
      await page.keyboard.insertText('Dear Tom, thank you.');
    },
  },
  {
    name: 'compose-forward',
    steps: async (page) => {
      await openLetter(page, 'Ihre Rechnung');
      await page.keyboard.press('f');
      await page.locator('.composer').waitFor();
    },
  },
  {
    name: 'compose-later',
    steps: async (page) => {
      await writeLetter(page, ['jonas.brandt@kanzlei.test']);
      await page.locator('.send-later').click();
      await page.locator('.menu').waitFor();
    },
  },
  {
    name: 'compose-later-time',
    steps: async (page) => {
      await writeLetter(page, ['jonas.brandt@kanzlei.test']);
      await page.locator('.send-later').click();
      await page.locator('.menu .choice').last().click();
      await page.locator('dialog input[type=datetime-local]').waitFor();
    },
  },
  {
    name: 'compose-files',
    steps: async (page) => {
      await writeLetter(page, ['jonas.brandt@kanzlei.test']);
      await attach(page, 'Schriftsatz.pdf', 1_204_000);
      await attach(page, 'Anlagen K1 bis K14.pdf', 36_000_000);
    },
  },
  {
    name: 'compose-small',
    steps: async (page) => {
      await writeLetter(page, ['jonas.brandt@kanzlei.test']);
      await page.locator('.compose-head .icon-button').first().click();
      await page.locator('.composer[data-size=small]').waitFor();
    },
  },
  {
    name: 'compose-sent',
    steps: async (page) => {
      await writeLetter(page, ['jonas.brandt@kanzlei.test']);
      await page.locator('.send-main').click();
      await page.locator('.toast-undo').waitFor();
    },
  },
  {
    name: 'compose-offline',
    steps: async (page) => {
      await writeLetter(page, ['jonas.brandt@kanzlei.test']);
      await setLine(page, false);
      await page.locator('.banner').waitFor();
      await page.locator('.send-main').click();
      await page.locator('.compose-hindrance').waitFor();
    },
  },
  {
    name: 'drafts',
    steps: async (page) => {
      await writeLetter(page, ['jonas.brandt@kanzlei.test']);
      await page.locator('.send-later').click();
      await page.locator('.menu .choice').first().click();
      await page.locator('.toast-undo').waitFor();
      await writeLetter(page, ['mara@x.test', 'key@y.test']);
      await page.keyboard.press('Escape');
      await page.locator('.composer').waitFor({ state: 'detached' });
      await page.evaluate(() => {
        location.hash = '#settings/general';
      });
      await page.locator('.block').first().waitFor();
      await page.keyboard.press('Control+k');
      await page.locator('.palette input').fill('Entwürfe');
      await page.keyboard.press('Enter');
      await page.locator('.draft-row').waitFor();
    },
  },
  {
    name: 'undo-setting',
    steps: async (page) => {
      await page.evaluate(() => {
        location.hash = '#settings/general';
      });
      await page.locator('.block').nth(3).waitFor();
    },
  },
];
