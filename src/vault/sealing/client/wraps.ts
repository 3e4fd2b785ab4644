// Wraps of the account root key: under the password, and sealed to keys that grow from phrase, passkey, device or holder (decision 0003 §7).

import { idToBytes, type AccountId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { ascii, joinBytes, number32 } from '../bytes.ts';
import { openBox, sealBox } from './aead.ts';
import type { ExchangeKey } from '../curve-keys.ts';
import { deriveKey, KEY_BYTES, labelled } from '../derive.ts';
import { hpkeContext, hpkeOpen, hpkeSeal } from './hpke-box.ts';
import type { RootKey } from './root-key.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export type SealedWrapKind = 'phrase' | 'passkey' | 'device' | 'holder' | 'organisation';
export type WrapKind = 'password' | SealedWrapKind;
export type WrapError = { readonly kind: 'wrapDoesNotOpen' } | { readonly kind: 'weakKey' };

export interface WrapPlace {
  readonly accountId: AccountId;
  /** For kind password: the version of the credential, as decimal text. */
  readonly wrapId: string;
  readonly arkVersion: number;
}

const FORMAT = 1;
const context = hpkeContext(ascii('siegel/wrap/v1'));

/** "siegel/wrap/v1" ‖ 0 ‖ account ‖ ARK version ‖ kind ‖ 0 ‖ wrap id: a wrap opens only where it belongs. */
export function wrapAad(kind: WrapKind, place: WrapPlace): Bytes {
  const { accountId, wrapId, arkVersion } = place;
  return labelled(
    'siegel/wrap/v1',
    idToBytes(accountId),
    number32(arkVersion),
    ascii(kind),
    Uint8Array.of(0),
    ascii(wrapId),
  );
}

/** Root key under the OPAQUE export key: AES-256-GCM with HKDF(export key). */
export async function wrapForPassword(
  exportKey: Uint8Array,
  rootKey: RootKey,
  credentialVersion: number,
): Promise<Bytes> {
  const place = passwordPlace(rootKey.accountId, credentialVersion, rootKey.version);
  return sealBox(passwordKey(exportKey, place), wrapAad('password', place), rootKey.bytes);
}

export async function unwrapWithPassword(
  exportKey: Uint8Array,
  sealed: Bytes,
  of: { readonly accountId: AccountId; readonly credentialVersion: number; readonly arkVersion: number },
): Promise<Result<RootKey, WrapError>> {
  const place = passwordPlace(of.accountId, of.credentialVersion, of.arkVersion);
  return rootKeyOf(place, await openBox(passwordKey(exportKey, place), wrapAad('password', place), sealed));
}

/** Root key sealed to a public key (phrase, passkey, device, holder): so it can be rotated without their secrets. */
export async function wrapTo(
  kind: SealedWrapKind,
  wrapId: string,
  publicKey: Bytes,
  rootKey: RootKey,
): Promise<Result<Bytes, WrapError>> {
  const place = { accountId: rootKey.accountId, wrapId, arkVersion: rootKey.version };
  const sealed = await hpkeSeal(publicKey, context, wrapAad(kind, place), rootKey.bytes);
  return sealed === undefined ? err({ kind: 'weakKey' }) : ok(joinBytes(Uint8Array.of(FORMAT), sealed));
}

export async function unwrapWith(
  kind: SealedWrapKind,
  ownKey: ExchangeKey,
  place: WrapPlace,
  sealed: Bytes,
): Promise<Result<RootKey, WrapError>> {
  if (sealed[0] !== FORMAT) return err({ kind: 'wrapDoesNotOpen' });
  return rootKeyOf(place, await hpkeOpen(ownKey, context, wrapAad(kind, place), sealed.slice(1)));
}

function passwordPlace(accountId: AccountId, credentialVersion: number, arkVersion: number): WrapPlace {
  return { accountId, wrapId: String(credentialVersion), arkVersion };
}

function passwordKey(exportKey: Uint8Array, place: WrapPlace): Bytes {
  return deriveKey(exportKey, 'siegel/password-wrap/v1', idToBytes(place.accountId));
}

function rootKeyOf(place: WrapPlace, bytes: Bytes | undefined): Result<RootKey, WrapError> {
  if (bytes?.length !== KEY_BYTES) return err({ kind: 'wrapDoesNotOpen' });
  return ok({ accountId: place.accountId, version: place.arkVersion, bytes });
}
