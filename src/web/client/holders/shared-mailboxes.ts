// The mailboxes somebody holds beside their own: listed, taken up, opened; the identity that was first accepted stays pinned.

import * as v from 'valibot';
import type { AccountId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { AnswerBody } from '#formats/auth-wire/auth-answers.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { holderKey } from '#vault/sealing/client/certificate-key.ts';
import { unwrapWith } from '#vault/sealing/client/wraps.ts';
import type { SharedMailbox, SharedRefusal } from '../../shared.ts';
import { createJmapClient } from '../jmap-client.ts';
import { openAccount, secretsOf, type OpenedAccount } from '../opened-account.ts';
import type { OpenSession } from '../open-session.ts';
import { putItem, readItems, type Item } from '../sealed-items.ts';
import { changeRefusal } from '../signed-change.ts';
import { createSummaryReader } from '../summary-reader.ts';

type Answer<T> = Promise<Result<T, SharedRefusal>>;
export type ShownShared = AnswerBody<'shared'>['accounts'][number];

const COLLECTION = 'shared-mailboxes';
const shape = v.object({
  v: v.literal(1),
  accountId: v.string(),
  /** Ed25519 public key of the mailbox's identity, as it was when it was taken up. */
  identity: v.string(),
  manifest: v.object({ version: v.number(), sha256: v.string() }),
});

interface Accepted {
  readonly item: Item;
  readonly value: v.InferOutput<typeof shape>;
}

export async function readShared(session: OpenSession): Answer<readonly SharedMailbox[]> {
  const [shown, accepted] = await Promise.all([readShown(session), readAccepted(session)]);
  if (!shown.ok) return shown;
  if (!accepted.ok) return accepted;
  const own = session.account.keys.rootKey.accountId;
  return ok(
    shown.value.map(({ accountId, address, holders }) => ({
      accountId,
      address,
      isAccepted: accepted.value.has(accountId),
      holders: holders.map((one) => ({
        accountId: one.accountId,
        address: one.address,
        addedMs: one.addedMs,
        isSelf: one.accountId === own,
        hasLeft: one.hasLeft,
      })),
    })),
  );
}

/** From now on it may be opened on every device; its identity is pinned. */
export async function acceptShared(session: OpenSession, accountId: AccountId): Answer<undefined> {
  const shown = await findShown(session, accountId);
  if (!shown.ok) return shown;
  const accepted = await readAccepted(session);
  if (!accepted.ok) return accepted;
  if (accepted.value.has(accountId)) return ok(undefined);
  const opened = await openShown(session, shown.value, undefined);
  return opened.ok ? keep(session, undefined, opened.value) : opened;
}

/** Its keys as the server shows them now, believed as far as the pinned identity and the highest manifest seen agree. */
export async function openSharedAccount(
  session: OpenSession,
  accountId: AccountId,
): Answer<{ readonly account: OpenedAccount; readonly shown: ShownShared }> {
  const shown = await findShown(session, accountId);
  if (!shown.ok) return shown;
  const all = await readAccepted(session);
  if (!all.ok) return all;
  const accepted = all.value.get(accountId);
  if (!accepted) return err({ kind: 'not-accepted' });
  const opened = await openShown(session, shown.value, accepted);
  if (!opened.ok) return opened;
  if (opened.value.remembered.version > accepted.value.manifest.version) {
    // another device may be faster: it keeps the same
    const kept = await keep(session, accepted.item, opened.value);
    if (!kept.ok && kept.error.kind !== 'gone') return kept;
  }
  return ok({ account: opened.value, shown: shown.value });
}

export async function sessionFor(session: OpenSession, account: OpenedAccount): Promise<OpenSession> {
  const { reach, door } = session;
  const jmap = createJmapClient(reach, account.keys.rootKey.accountId);
  return { reach, door, jmap, secrets: secretsOf(account), account, summaries: await createSummaryReader(account) };
}

/** Remembers identity and manifest; the maker of a mailbox begins with it. */
export async function keep(session: OpenSession, old: Item | undefined, account: OpenedAccount): Answer<undefined> {
  return putItem(session, COLLECTION, old, {
    v: 1,
    accountId: account.keys.rootKey.accountId,
    identity: account.manifest.identity,
    manifest: { ...account.remembered },
  });
}

async function openShown(
  session: OpenSession,
  shown: ShownShared,
  accepted: Accepted | undefined,
): Answer<OpenedAccount> {
  const altered = err({ kind: 'keys-altered' } as const);
  const { wrap, accountId, keys } = shown;
  const point = fromBase64(wrap.publicKey);
  const sealed = fromBase64(wrap.sealed);
  const own = point && (await holderKey(session.account.keyring, point));
  if (!own || !sealed) return altered;
  const place = { accountId, wrapId: wrap.wrapId, arkVersion: wrap.arkVersion };
  const rootKey = await unwrapWith('holder', own, place, sealed);
  if (!rootKey.ok) return altered;
  const known = { remembered: accepted?.value.manifest, doorKey: session.account.doorKey };
  const account = await openAccount(rootKey.value, keys, known);
  if (!account.ok || (accepted && account.value.manifest.identity !== accepted.value.identity)) return altered;
  return account.value.manifest.wraps[wrap.wrapId] === undefined ? altered : ok(account.value);
}

async function findShown(session: OpenSession, accountId: AccountId): Answer<ShownShared> {
  const all = await readShown(session);
  if (!all.ok) return all;
  const shown = all.value.find((one) => one.accountId === accountId);
  return shown ? ok(shown) : err({ kind: 'gone' });
}

async function readShown({ door }: OpenSession): Answer<readonly ShownShared[]> {
  const answer = await door.get('/auth/shared', 'shared');
  return answer.ok ? ok(answer.value.accounts) : err(changeRefusal(answer.error));
}

async function readAccepted(session: OpenSession): Answer<ReadonlyMap<string, Accepted>> {
  const items = await readItems(session, COLLECTION);
  if (!items.ok) return items;
  const found = new Map<string, Accepted>();
  for (const item of items.value) {
    const parsed = v.safeParse(shape, item.plainValue);
    const before = parsed.success ? found.get(parsed.output.accountId) : undefined;
    // two devices at once: the one that saw more
    if (parsed.success && (before?.value.manifest.version ?? 0) < parsed.output.manifest.version) {
      found.set(parsed.output.accountId, { item, value: parsed.output });
    }
  }
  return ok(found);
}
