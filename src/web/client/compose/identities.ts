// The addresses somebody writes from, with the names they gave them: addresses are the server's, names are sealed items.

import * as v from 'valibot';
import { err, ok } from '#base/result.ts';
import { oneLine } from '#formats/compose/field-lines.ts';
import type { SenderIdentity, Writing } from '../../writing.ts';
import type { OpenSession } from '../open-session.ts';
import { readIdentities } from '../own-addresses.ts';
import { putItem, readItems, type Item } from '../sealed-items.ts';

const COLLECTION = 'identities';
const shape = v.object({ v: v.literal(1), email: v.string(), name: v.string() });

export function createIdentities(session: OpenSession): Pick<Writing, 'identities' | 'setIdentityName'> {
  async function names(): Promise<ReadonlyMap<string, { readonly name: string; readonly item: Item }>> {
    const items = await readItems(session, COLLECTION);
    const found = new Map<string, { readonly name: string; readonly item: Item }>();
    for (const item of items.ok ? items.value : []) {
      const parsed = v.safeParse(shape, item.plainValue);
      if (parsed.success) found.set(parsed.output.email.toLowerCase(), { name: parsed.output.name, item });
    }
    return found;
  }
  return {
    async identities() {
      const [own, named] = await Promise.all([readIdentities(session), names()]);
      return own.map(({ id, email }): SenderIdentity => ({
        id,
        address: email,
        name: named.get(email.toLowerCase())?.name ?? '',
      }));
    },
    async setIdentityName(id, name) {
      const own = (await readIdentities(session)).find((identity) => identity.id === id);
      if (!own) return err({ kind: 'gone' });
      const old = (await names()).get(own.email.toLowerCase())?.item;
      const put = await putItem(session, COLLECTION, old, {
        v: 1,
        email: own.email,
        name: oneLine(name).slice(0, 200),
      });
      return put.ok ? ok(undefined) : put;
    },
  };
}
