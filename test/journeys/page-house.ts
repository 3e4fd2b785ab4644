// The page built over the sample letters and served for a journey, and visitors who note what the browser complains about.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildPage, type BuiltPage } from '../../tools/build-page.ts';
import { servePage } from '../fakes/page-server.ts';

export interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** What the browser complained about: errors, refused policies. */
  readonly complaints: string[];
  /** Requests to anywhere but this server. */
  readonly elsewhere: string[];
}

export interface PageHouse extends AsyncDisposable {
  readonly built: BuiltPage;
  readonly url: string;
  visit(options?: BrowserContextOptions): Promise<Visit>;
  signIn(page: Page, name?: string): Promise<void>;
}

/** Builds the page over the sample letters and serves it. */
export async function openPageHouse(browser: Browser): Promise<PageHouse> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'siegel-page-'));
  const built = await buildPage({ outDir, client: 'fake' });
  const server = await servePage(outDir);
  return {
    built,
    url: server.url,
    visit: (options = {}) => visitPage(browser, server.url, options),
    signIn: (page, name = 'leyla.yildiz') => signIn(page, server.url, name),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(outDir, { recursive: true, force: true });
    },
  };
}

async function visitPage(browser: Browser, url: string, options: BrowserContextOptions): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined));
  page.on('pageerror', (error) => complaints.push(error.message));
  context.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith(url) && !/^(?:data|blob|about):/.test(asked)) elsewhere.push(asked);
  });
  return { page, complaints, elsewhere, [Symbol.asyncDispose]: () => context.close() };
}

async function signIn(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  await page.locator('input[name=username]').fill(`${name}@kanzlei.test`);
  await page.locator('input[name=password]').fill('ein langes Passwort');
  await page.locator('button[type=submit]').click();
  await page.waitForURL('**/mail*');
  await page.locator('.row-name, .list-pane .empty').first().waitFor();
}

export async function openLetter(page: Page, text: string): Promise<void> {
  await page.locator('.row', { hasText: text }).first().click();
  await page.locator('.letter-subject').waitFor();
}
