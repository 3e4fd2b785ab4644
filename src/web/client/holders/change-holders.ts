// A shared mailbox offered to a colleague, taken away from one: the root key is sealed to the keys that are pinned, never to what a server shows alone.

import type { Clock } from '#base/clock.ts';
import type { AccountId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { holderPoint, ownPoint } from '#vault/sealing/client/certificate-key.ts';
import type { RootKey } from '#vault/sealing/client/root-key.ts';
import { wrapTo } from '#vault/sealing/client/wraps.ts';
import { randomBytes, sha256 } from '#vault/sealing/derive.ts';
import type { SharedRefusal } from '../../shared.ts';
import { RecipientKeys } from '../contacts/recipient-keys.ts';
import { nextManifest, type OpenedAccount } from '../opened-account.ts';
import type { OpenSession } from '../open-session.ts';
import { changeRefusal, makeSignedChange } from '../signed-change.ts';
import { rotateKeys } from './rotate-keys.ts';
import { openSharedAccount, sessionFor } from './shared-mailboxes.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Answer<T> = Promise<Result<T, SharedRefusal>>;

/** A wrap of kind holder as the server takes it, and its line in the manifest. */
interface HolderWrap {
  readonly wrap: {
    readonly wrapId: string;
    readonly kind: 'holder';
    readonly arkVersion: number;
    readonly publicKey: string;
    readonly sealed: string;
  };
  readonly sha256: string;
}

export interface HolderParts {
  readonly session: OpenSession;
  readonly clock: Clock;
}

/** The colleague's key is the pinned one; the first time it is seen here it is pinned. They still have to take it up. */
export async function addHolder(parts: HolderParts, accountId: AccountId, address: string): Answer<undefined> {
  const opened = await openSharedAccount(parts.session, accountId);
  if (!opened.ok) return opened;
  const points = await pinnedPoints(parts, [address]);
  if (!points.ok) return points;
  const [point] = points.value;
  return point === undefined
    ? err({ kind: 'no-key' })
    : putHolder(parts.session, opened.value.account, { address: address.trim().toLowerCase(), point });
}

/** Ends the holder's access, unless they left before, and gives the mailbox keys they never had: root key, OpenPGP key, summary key. */
export async function removeHolder(parts: HolderParts, accountId: AccountId, holder: AccountId): Answer<undefined> {
  const { session, clock } = parts;
  const own = session.account.keys.rootKey.accountId;
  if (holder === own) return err({ kind: 'self' });
  const opened = await openSharedAccount(session, accountId);
  if (!opened.ok) return opened;
  const { account, shown } = opened.value;
  if (!shown.holders.some((one) => one.accountId === holder)) return err({ kind: 'gone' });
  const staying = shown.holders.filter((one) => one.accountId !== holder && !one.hasLeft);
  const others = staying.filter((one) => one.accountId !== own);
  const points = await pinnedPoints(
    parts,
    others.map((one) => one.address),
  );
  if (!points.ok) return points;
  const ownOne = await ownPoint(session.account.keyring, clock.nowMs());
  const rotated = await rotateKeys(account, shown.address, clock.nowMs());
  if (!rotated.ok) return err({ kind: 'server-unavailable' });
  const wraps: HolderWrap[] = [];
  for (const { accountId: id, wrapId } of staying) {
    const point = id === own ? ownOne : points.value[others.findIndex((one) => one.accountId === id)];
    const wrap = point && (await wrapFor(rotated.value.rootKey, wrapId, point));
    if (!wrap) return err({ kind: 'no-key' });
    wraps.push(wrap);
  }
  const manifest = await rotated.value.manifestWith(
    Object.fromEntries(wraps.map(({ wrap, sha256: digest }) => [wrap.wrapId, digest])),
  );
  const { keys, keyring } = rotated.value;
  const effect = { account: accountId, holder, wraps: wraps.map(({ wrap }) => wrap), keys, keyring, manifest };
  const signed = await makeSignedChange(await sessionFor(session, account), 'holderRemoved', effect);
  if (!signed.ok) return signed;
  const removed = await session.door.call('holderRemove', { ...effect, ...signed.value });
  return removed.ok ? ok(undefined) : err(changeRefusal(removed.error));
}

/** Signed by the person's own key: whoever goes makes no keys of what they leave. */
export async function leaveShared({ session }: HolderParts, account: AccountId): Answer<undefined> {
  const signed = await makeSignedChange(session, 'holderLeft', { account });
  if (!signed.ok) return signed;
  const left = await session.door.call('holderLeave', { account, ...signed.value });
  if (left.ok) return ok(undefined);
  return err(left.error.kind === 'last-holder' ? { kind: 'last-holder' } : changeRefusal(left.error));
}

/** The wrap, the manifest that names it, and the signature of the mailbox's own key. */
export async function putHolder(
  session: OpenSession,
  account: OpenedAccount,
  { address, point }: { readonly address: string; readonly point: Bytes },
): Answer<undefined> {
  const wrapId = `holder-${[...randomBytes(12)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  const made = await wrapFor(account.keys.rootKey, wrapId, point);
  if (!made) return err({ kind: 'no-key' });
  const manifest = await nextManifest(account, { ...account.manifest.wraps, [wrapId]: made.sha256 });
  const effect = { account: account.keys.rootKey.accountId, address, wrap: made.wrap, manifest };
  const signed = await makeSignedChange(await sessionFor(session, account), 'holderPut', effect);
  if (!signed.ok) return signed;
  const put = await session.door.call('holderPut', { ...effect, ...signed.value });
  return put.ok ? ok(undefined) : err(changeRefusal(put.error));
}

async function wrapFor(rootKey: RootKey, wrapId: string, point: Bytes): Promise<HolderWrap | undefined> {
  const sealed = await wrapTo('holder', wrapId, point, rootKey);
  if (!sealed.ok) return undefined;
  const publicKey = toBase64Url(point);
  const wrap = {
    wrapId,
    kind: 'holder',
    arkVersion: rootKey.version,
    publicKey,
    sealed: toBase64Url(sealed.value),
  } as const;
  return { wrap, sha256: toBase64Url(sha256(sealed.value)) };
}

/** In the order asked. A key that changed stops everything: it is compared first. */
async function pinnedPoints({ session, clock }: HolderParts, addresses: readonly string[]): Answer<readonly Bytes[]> {
  if (addresses.length === 0) return ok([]);
  const keys = await new RecipientKeys(session, clock).keysFor(addresses);
  if (!keys.ok) return keys;
  const points: Bytes[] = [];
  for (const { state, certificate } of keys.value) {
    if (state === 'changed') return err({ kind: 'key-changed' });
    const point = certificate && holderPoint(certificate, clock.nowMs());
    if (!point?.ok) return err({ kind: 'no-key' });
    points.push(point.value);
  }
  return ok(points);
}
