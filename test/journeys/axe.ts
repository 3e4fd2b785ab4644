// What axe-core complains about on a page of a journey.

import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds, with the theme's colours and everything else it knows. */
export async function accessibility(page: Page): Promise<readonly string[]> {
  await page.waitForTimeout(200);
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const run = Reflect.get(window, 'axe').run;
    // The letter's own HTML is its sender's; the frame around it is ours and is looked at.
    const found = await run(document, { iframes: false, resultTypes: ['violations'] });
    return found.violations.flatMap((violation: { id: string; nodes: { html: string }[] }) =>
      violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)}`),
    );
  });
}
