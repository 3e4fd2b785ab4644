// What a create or update of a mailbox says, checked against the tree (RFC 8621 §2.5).

import { err, ok, type Result } from '#base/result.ts';
import { newId, parseId, type MailboxId } from '#base/ids.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import { parsePatch } from '#formats/jmap/patch.ts';
import type { MailboxRow } from '#vault/database/read-mailboxes.ts';
import { resolveId, type Members } from '../method.ts';
import { invalid, parseSealedName, type MailboxTree } from './mailbox-tree.ts';
import { mailboxMembers, sealedNameProperty } from './mailbox-view.ts';

interface Place {
  readonly tree: MailboxTree;
  readonly createdIds: ReadonlyMap<string, string>;
  /** The request names the sealed capability: sealed names and ids chosen by the client are understood. */
  readonly isSealedClient: boolean;
}

const nameIsSealed = 'Names of mailboxes are sealed by the client: put the sealed name in siegelSealedName.';

/** A new mailbox. The client may choose its id, because the sealed name is bound to it. */
export function readNewMailbox(members: Members, place: Place): Result<MailboxRow, SetError> {
  const { id, parentId = null, sortOrder = 0, role = null, isSubscribed = true, ...rest } = members;
  const { [sealedNameProperty]: sealed, name, ...unknown } = rest;
  if (name !== undefined || !place.isSealedClient) return err(invalid('name', nameIsSealed));
  const surplus = Object.keys(unknown)[0];
  if (surplus !== undefined) return err(invalid(surplus, 'Not a property a client sets.'));
  const sealedName = parseSealedName(sealed);
  if (!sealedName.ok) return sealedName;
  if (role !== null) return err(invalid('role', 'The six mailboxes with a role are there from the first day.'));
  if (isSubscribed !== true) return err(invalid('isSubscribed', 'Every mailbox is subscribed.'));
  if (!isSortOrder(sortOrder)) return err(invalid('sortOrder', 'An integer from 0 to 2³¹ − 1.'));
  if (place.tree.isFull) return err({ kind: 'overQuota', description: 'There are as many mailboxes as there may be.' });
  const ownId = id === undefined ? newId<MailboxId>() : parseId<MailboxId>(id);
  if (ownId === undefined || place.tree.find(ownId)) return err(invalid('id', 'Not an id, or in use.'));
  const parent = readParent(parentId, place);
  if (!parent.ok) return parent;
  const fits = place.tree.checkPlace(undefined, parent.value);
  if (!fits.ok) return fits;
  return ok({
    id: ownId,
    parentId: parent.value,
    role: undefined,
    sealedName: sealedName.value,
    sortOrder,
    total: 0,
    unread: 0,
  });
}

/** The mailbox after a patch. */
export function readChangedMailbox(current: MailboxRow, update: Members, place: Place): Result<MailboxRow, SetError> {
  const patch = parsePatch(update);
  if (!patch.ok) return patch;
  const shown = mailboxMembers(current);
  let changed = current;
  for (const { path, value } of patch.value) {
    const [property] = path;
    if (path.length > 1) return err(invalid(property, 'Set the property as a whole.'));
    if (JSON.stringify(shown[property]) === JSON.stringify(value) && Object.hasOwn(shown, property)) continue;
    const next = changeProperty(changed, property, { value, place });
    if (!next.ok) return next;
    changed = next.value;
  }
  const fits = place.tree.checkPlace(changed.id, changed.parentId);
  return fits.ok ? ok(changed) : fits;
}

function changeProperty(
  mailbox: MailboxRow,
  property: string,
  { value, place }: { readonly value: unknown; readonly place: Place },
): Result<MailboxRow, SetError> {
  switch (property) {
    case 'sortOrder':
      if (!isSortOrder(value)) return err(invalid('sortOrder', 'An integer from 0 to 2³¹ − 1.'));
      return ok({ ...mailbox, sortOrder: value });
    case 'parentId': {
      if (mailbox.role !== undefined) return err(invalid('parentId', 'Mailboxes with a role stay where they are.'));
      const parent = readParent(value, place);
      return parent.ok ? ok({ ...mailbox, parentId: parent.value }) : parent;
    }
    case sealedNameProperty: {
      if (mailbox.role !== undefined) return err(invalid(sealedNameProperty, 'A mailbox with a role keeps its name.'));
      if (!place.isSealedClient) return err(invalid(property, 'Only with the sealed capability.'));
      const sealedName = parseSealedName(value);
      return sealedName.ok ? ok({ ...mailbox, sealedName: sealedName.value }) : sealedName;
    }
    case 'name':
      return err(invalid('name', nameIsSealed));
    case 'role':
      return err(invalid('role', 'Roles are fixed.'));
    default:
      return err(invalid(property, 'Not a property a client sets.'));
  }
}

function readParent(value: unknown, place: Place): Result<MailboxId | undefined, SetError> {
  if (value === null) return ok(undefined);
  const id = typeof value === 'string' ? resolveId(value, place.createdIds) : undefined;
  const parent = id === undefined ? undefined : place.tree.find(id);
  return parent === undefined ? err(invalid('parentId', 'There is no such mailbox.')) : ok(parent.id);
}

function isSortOrder(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31;
}
