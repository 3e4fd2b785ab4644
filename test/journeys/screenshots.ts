// Saves the page in both themes and three widths into test/screenshots/ (not kept in git): node test/journeys/screenshots.ts [--only NAME]

import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { buildPage } from '../../tools/build-page.ts';
import { servePage } from '../fakes/page-server.ts';
import { openChromium } from './chromium.ts';
import { composeShots } from './compose-shots.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    out: { type: 'string', default: path.resolve(import.meta.dirname, '../screenshots') },
    language: { type: 'string', default: 'de' },
    widths: { type: 'string', default: '390,900,1440' },
    themes: { type: 'string', default: 'light,dark' },
  },
});

export interface Shot {
  readonly name: string;
  readonly address?: string;
  readonly steps: (page: Page, narrow: boolean) => Promise<void>;
}

async function signIn(page: Page, url: string, address: string): Promise<void> {
  await page.goto(url);
  await page.locator('input[name=username]').fill(address);
  await page.locator('input[name=password]').fill('ein langes Passwort');
  await page.locator('button[type=submit]').click();
  await page.waitForURL('**/mail*');
  await page.locator('.row, .empty').first().waitFor();
}

const openNth = async (page: Page, name: string): Promise<void> => {
  await page.locator('.row', { hasText: name }).first().click();
  await page.locator('.letter-subject').waitFor();
  await page.waitForTimeout(250);
};

const shots: readonly Shot[] = [
  { name: 'mailbox', steps: async () => undefined },
  { name: 'letter', steps: (page) => openNth(page, 'Termin verlegt') },
  { name: 'letter-html', steps: (page) => openNth(page, 'Ihre Rechnung') },
  {
    name: 'provenance',
    steps: async (page) => {
      await openNth(page, 'Termin verlegt');
      await page.locator('.chip[aria-expanded]').click();
    },
  },
  { name: 'server-view', steps: (page) => page.keyboard.press('S') },
  {
    name: 'search',
    steps: async (page) => {
      await page.locator('.search input').fill('Verjährung');
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'search-none',
    steps: async (page) => {
      await page.locator('.search input').fill('Zeppelin');
      await page.locator('.empty').first().waitFor();
    },
  },
  {
    name: 'archived',
    steps: async (page, narrow) => {
      await openNth(page, 'Rückrufe');
      await page.keyboard.press('e');
      await page.waitForTimeout(narrow ? 300 : 400);
    },
  },
  {
    name: 'palette',
    steps: async (page) => {
      await openNth(page, 'Termin verlegt');
      await page.keyboard.press('Control+k');
      await page.waitForTimeout(200);
    },
  },
  { name: 'keys', steps: (page) => page.keyboard.press('?') },
  {
    name: 'settings-security',
    steps: async (page) => {
      await page.evaluate(() => {
        location.hash = '#settings/security';
      });
      await page.locator('.block').nth(3).waitFor();
    },
  },
  {
    name: 'app-password',
    steps: async (page) => {
      await page.evaluate(() => {
        location.hash = '#settings/security';
      });
      await page.getByRole('button', { name: 'Neues App-Passwort' }).click();
      await page.locator('dialog .field-input, [role=dialog] .field-input').fill('Laptop');
      await page.getByRole('button', { name: 'Erzeugen', exact: true }).click();
      await page.locator('.code-key').waitFor();
    },
  },
  {
    name: 'contacts',
    steps: async (page) => {
      await page.evaluate(() => {
        location.hash = '#contacts';
      });
      await page.locator('.contact-row').first().waitFor();
    },
  },
  {
    name: 'contact',
    steps: async (page) => {
      await page.evaluate(() => {
        location.hash = '#contacts';
      });
      await page.locator('.contact-row', { hasText: 'Hatice' }).click();
      await page.locator('.contact-key').first().waitFor();
    },
  },
  {
    name: 'contact-form',
    steps: async (page) => {
      await page.evaluate(() => {
        location.hash = '#contacts';
      });
      await page.locator('.contact-row', { hasText: 'Hatice' }).click();
      await page.getByRole('button', { name: 'Bearbeiten' }).click();
      await page.locator('.contact-form').waitFor();
    },
  },
  {
    name: 'addresses',
    steps: async (page) => {
      await page.evaluate(() => {
        location.hash = '#settings/general';
      });
      await page.locator('.line').first().waitFor();
      await page.locator('.line').first().scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'settings-rules',
    steps: async (page) => {
      await page.evaluate(() => {
        location.hash = '#settings/rules';
      });
      await page.locator('.rule-form').waitFor();
    },
  },
  {
    name: 'move',
    steps: async (page) => {
      await openNth(page, 'Termin verlegt');
      await page.keyboard.press('v');
      await page.locator('.menu').waitFor();
    },
  },
  {
    name: 'label',
    steps: async (page) => {
      await openNth(page, 'Termin verlegt');
      await page.keyboard.press('l');
      await page.locator('.menu .choice').first().click();
      await page.locator('.menu').waitFor();
    },
  },
  {
    name: 'labelled',
    steps: async (page, narrow) => {
      for (const name of ['Termin verlegt', 'Rückrufe']) {
        await openNth(page, name);
        await page.keyboard.press('l');
        await page
          .locator('.menu .choice')
          .nth(name === 'Rückrufe' ? 1 : 0)
          .click();
        if (name === 'Rückrufe') await page.locator('.menu .choice').first().click();
        await page.keyboard.press('Escape');
        if (narrow) await page.keyboard.press('Escape');
      }
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'conversation',
    steps: async (page) => {
      await openNth(page, 'Termin verlegt');
      await page.locator('.folded').first().scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'unfolded',
    steps: async (page) => {
      await openNth(page, 'Termin verlegt');
      await page.locator('.folded').nth(1).click();
      await page.locator('.letter-inner').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'new-folder',
    steps: async (page, narrow) => {
      if (narrow) await page.locator('.bar-item').nth(2).click();
      await (narrow
        ? page.locator('.sheet').waitFor()
        : page.evaluate(() => {
            location.hash = '#settings/folders';
          }));
      if (!narrow) await page.locator('.block .button').first().click();
      await page.waitForTimeout(200);
    },
  },
  {
    name: 'phrase-dialog',
    steps: async (page) => {
      await page.evaluate(() => {
        location.hash = '#settings/security';
      });
      await page.locator('.block .button').nth(1).click();
      await page.locator('.phrase li').first().waitFor();
    },
  },
  {
    name: 'compact',
    steps: async (page) => {
      await page.evaluate(() => {
        location.hash = '#settings/general';
      });
      await page.locator('select').nth(2).selectOption('compact');
      await page.keyboard.press('Escape');
      await page.locator('.row, .bottom-bar').first().waitFor();
      await page.waitForTimeout(200);
    },
  },
  { name: 'lost-code', address: 'lost@kanzlei.test', steps: (page) => page.locator('.banner').waitFor() },
  {
    name: 'altered',
    steps: async (page) => {
      await page.locator('.list-scroll').evaluate((box) => box.scrollTo(0, 900));
      await page.locator('.row', { hasText: 'Im Speicher verändert' }).first().click();
      await page.locator('.letter-pane .empty').waitFor();
    },
  },
  {
    name: 'disclosure',
    steps: async (page) => {
      await page.evaluate(() => {
        location.hash = '#settings/disclosure';
      });
      await page.locator('.told dd').first().waitFor();
    },
  },
  ...composeShots,
  { name: 'welcome', address: 'empty@kanzlei.test', steps: async () => undefined },
  ...(['sealed', 'safety', 'try'] as const).map((key): Shot => ({
    name: `welcome-${key}`,
    address: 'empty@kanzlei.test',
    steps: async (page) => {
      await page.locator(`#welcome-${key}`).click();
      await page.locator('.letter-subject').waitFor();
    },
  })),
  {
    name: 'welcome-server-view',
    address: 'empty@kanzlei.test',
    steps: async (page) => {
      await page.locator('#welcome-try').waitFor();
      await page.keyboard.press('S');
      await page.locator('.server-nothing').waitFor();
    },
  },
  {
    name: 'empty',
    address: 'empty@kanzlei.test',
    steps: async (page) => {
      await page.locator('#welcome-try').waitFor();
      for (const key of ['j', 'x', 'e', '#']) await page.keyboard.press(key);
      await page.locator('.list-pane .empty').waitFor();
    },
  },
];

async function entryShots(page: Page, url: string, save: (name: string) => Promise<void>): Promise<void> {
  await page.goto(url);
  await page.locator('input[name=username]').waitFor();
  await save('sign-in');
  await page.goto(`${url}/join/one-two`);
  await page.locator('input[name=username]').fill('leyla');
  await page.locator('input[name=password]').fill('Mantı am Sonntag');
  await save('join');
  await page.locator('button[type=submit]').click();
  await page.locator('.phrase').waitFor();
  await save('phrase');
  await page.goto(`${url}/recover`);
  await page.locator('input').first().waitFor();
  await save('recover');
}

async function shoot(browser: Browser, url: string, theme: 'light' | 'dark', width: number): Promise<void> {
  const narrow = width < 720;
  const only = values.only?.split(',');
  const make = async (): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width, height: narrow ? 844 : 900 },
      colorScheme: theme,
      locale: values.language === 'en' ? 'en-GB' : 'de-DE',
      hasTouch: narrow,
      deviceScaleFactor: narrow ? 2 : 1,
    });
    return await context.newPage();
  };
  const saver = (page: Page) => async (name: string) => {
    await page.waitForTimeout(150);
    await page.screenshot({ path: path.join(values.out, `${name}-${width}-${theme}.png`) });
  };
  if (!only || only.includes('entry')) {
    const page = await make();
    await entryShots(page, url, saver(page));
    await page.context().close();
  }
  for (const shot of shots) {
    if (only && !only.includes(shot.name)) continue;
    const page = await make();
    await signIn(page, url, shot.address ?? 'leyla.yildiz@kanzlei.test');
    await shot.steps(page, narrow);
    await saver(page)(shot.name);
    await page.context().close();
  }
}

await mkdir(values.out, { recursive: true });
const built = await buildPage({ outDir: path.join(tmpdir(), `siegel-page-${process.pid}`), client: 'fake' });
await using server = await servePage(built.outDir);
const browser = await openChromium();
if (!browser) throw new Error('no browser: set SIEGEL_CHROMIUM');
for (const theme of ['light', 'dark'] as const) {
  if (!values.themes.includes(theme)) continue;
  for (const width of values.widths.split(',').map(Number)) await shoot(browser, server.url, theme, width);
}
await browser.close();
