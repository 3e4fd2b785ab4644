// The page's preferences as one sealed item, and what the server itself must know: quota, disclosure table.

import * as v from 'valibot';
import type { Backend, Disclosure, Preferences } from '../backend.ts';
import { membersOf } from './mailbox-folders.ts';
import { putItem, readItems } from './sealed-items.ts';
import type { OpenSession } from './open-session.ts';

const COLLECTION = 'settings';
const shape = v.object({
  language: v.fallback(v.optional(v.picklist(['de', 'en'])), undefined),
  theme: v.fallback(v.optional(v.picklist(['light', 'dark'])), undefined),
  density: v.fallback(v.picklist(['cosy', 'compact']), 'cosy'),
  grouped: v.fallback(v.boolean(), true),
  welcomeGone: v.fallback(v.array(v.picklist(['sealed', 'safety', 'try'])), []),
});
const UNSET: Preferences = { language: undefined, theme: undefined, density: 'cosy', grouped: true, welcomeGone: [] };

const words = v.object({ en: v.string(), de: v.string() });
const disclosureShape = v.object({ rows: v.array(v.object({ key: v.string(), what: words, operatorSees: words })) });

type Part = Pick<Backend, 'preferences' | 'setPreferences' | 'disclosure' | 'storage'>;

export function createPreferences(session: OpenSession): Part {
  const { jmap, reach } = session;
  return {
    async preferences() {
      const items = await readItems(session, COLLECTION);
      const parsed = v.safeParse(shape, items.ok ? items.value[0]?.plainValue : undefined);
      return parsed.success ? { ...UNSET, ...parsed.output } : UNSET;
    },
    async setPreferences(preferences) {
      const items = await readItems(session, COLLECTION);
      return items.ok ? putItem(session, COLLECTION, items.value[0], preferences) : items;
    },
    async disclosure(): Promise<Disclosure> {
      const response = await reach('/api/disclosure', { credentials: 'same-origin' });
      return v.parse(disclosureShape, await response.json());
    },
    async storage() {
      const answer = await jmap.run([['Quota/get', { ids: null }]]);
      const list = answer.ok ? answer.value[0]?.['list'] : undefined;
      const { used, hardLimit } = membersOf(Array.isArray(list) ? list[0] : undefined);
      return {
        usedBytes: typeof used === 'number' ? used : 0,
        limitBytes: typeof hardLimit === 'number' ? hardLimit : 0,
      };
    },
  };
}
