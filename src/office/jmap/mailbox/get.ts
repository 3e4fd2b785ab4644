// Mailbox/get (RFC 8621 §2.1).

import { ok } from '#base/result.ts';
import { MAIL, SEALED } from '#formats/jmap/capabilities.ts';
import { boundIds, getShape, pick, readArguments, readProperties } from '#formats/jmap/standard-arguments.ts';
import { readMailboxes } from '#vault/database/read-mailboxes.ts';
import { atOneMoment } from '#vault/database/read-states.ts';
import { reading } from '../method.ts';
import { mailboxState, requireStates } from '../states.ts';
import { mailboxMembers, mailboxProperties, sealedNameProperty } from './mailbox-view.ts';

export const mailboxGet = reading('Mailbox/get', MAIL, async (args, call) => {
  const read = readArguments(getShape, args);
  if (!read.ok) return read;
  const known = call.using.has(SEALED) ? [...mailboxProperties, sealedNameProperty] : mailboxProperties;
  const wanted = readProperties(read.value.properties, known);
  if (!wanted.ok) return wanted;
  const ids = read.value.ids ? boundIds(read.value.ids) : ok(undefined);
  if (!ids.ok) return ids;
  const { states, mailboxes } = await atOneMoment(call.house.reader, async (db) => ({
    states: await requireStates(call, db),
    mailboxes: await readMailboxes(db, call.accountId),
  }));
  const byId = new Map<string, (typeof mailboxes)[number]>(mailboxes.map((mailbox) => [mailbox.id, mailbox]));
  const list: unknown[] = [];
  const notFound: string[] = [];
  for (const id of ids.value ?? byId.keys()) {
    const mailbox = byId.get(id);
    if (mailbox === undefined) notFound.push(id);
    else list.push(pick(mailboxMembers(mailbox), wanted.value));
  }
  return ok({ state: mailboxState(states), list, notFound });
});
