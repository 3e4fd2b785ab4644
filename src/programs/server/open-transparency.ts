// The transparency report of this house to the world: what stands in its register, the log of its leaves, and what /trust says of it.

import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';
import { dayOf } from '#formats/desk/calendar-day.ts';
import { createTransparencyRoutes } from '#office/api/transparency-site.ts';
import { newestOf } from '#office/desk/page/published.ts';
import { openPublished } from '#office/desk/page/read-published.ts';
import { openStatements } from '#office/desk/statement/read-statements.ts';
import type { RequestFacts } from '#office/trust/trust-facts.ts';
import { formatReceiptFile } from '#vault/book/check/receipt.ts';
import { readDeskLeaves } from '#vault/database/read-desk-leaves.ts';
import { readHousePromises } from '#vault/database/read-receipts.ts';
import type { Clock } from '#base/clock.ts';
import type { HouseDesk } from './open-desk.ts';
import type { Vault } from './open-vault.ts';

/** Read at once: after rights were given up the checkout may be closed. */
const SCHEMA = readFileSync(
  new URL('../../office/desk/report/transparency-report.schema.json', import.meta.url),
  'utf8',
);

export interface HouseTransparency {
  readonly routes: Hono;
  /** Of the newest report; undefined: none is published. */
  newest(): Promise<RequestFacts | undefined>;
}

export interface TransparencyFacts {
  readonly clock: Clock;
  readonly desk: Pick<HouseDesk, 'desk'>;
  readonly vault: Pick<Vault, 'database' | 'book'>;
}

export function openTransparency(facts: TransparencyFacts, frame: string | undefined): HouseTransparency {
  const { desk } = facts.desk;
  const published = openPublished(desk);
  const statements = openStatements(desk);
  const { reader } = facts.vault.database;
  return {
    routes: createTransparencyRoutes({
      frame,
      published: () => published.years(),
      leaves: (from, count) => readDeskLeaves(reader.db, { from, count }),
      schema: SCHEMA,
      statement: async () => {
        const newest = await statements.newest();
        return newest && { published: newest, today: dayOf(newest.zone, facts.clock.nowMs()) };
      },
      receipt: async ({ kind, sha256 }) => {
        const { book } = facts.vault;
        const promises = book === undefined ? [] : await readHousePromises(reader.db, kind);
        const promise = promises.find(({ facts: said }) => said['sha256'] === sha256);
        const made = promise && (await book?.promiseReceipt(promise));
        return made?.ok === true ? formatReceiptFile(made.value) : undefined;
      },
    }),
    async newest() {
      const [year] = await published.years();
      if (year === undefined) return undefined;
      const { figures } = newestOf(year).report;
      const [requests, rejected] = [figures['total']?.value, figures['rejected.first']?.value];
      return typeof requests === 'number' && typeof rejected === 'number'
        ? { year: year.year, requests, rejected }
        : undefined;
    },
  };
}
