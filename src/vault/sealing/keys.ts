// The one door to the account's keys on the client: root key, wraps, phrase, keyring, manifest, items, caches.

export { growKeys, makeRootKey, type AccountKeys, type RootKey } from './client/root-key.ts';
export {
  unwrapWith,
  unwrapWithPassword,
  wrapForPassword,
  wrapTo,
  type SealedWrapKind,
  type WrapError,
  type WrapKind,
  type WrapPlace,
} from './client/wraps.ts';
export { makePhrase, parsePhrase, phraseKeys, type PhraseKeys } from './client/phrase.ts';
export { deviceKey, passkeyKey, PASSKEY_PRF_INPUT } from './client/holder-keys.ts';
export { nextKeyring, openKeyring, sealKeyring, type Keyring, type KeyringError } from './client/keyring.ts';
export { makeUserKeys, type NewKeys } from './client/make-user-key.ts';
export {
  checkManifest,
  describeAccount,
  matchesManifest,
  rememberManifest,
  signManifest,
  type Manifest,
  type ManifestError,
  type RememberedManifest,
  type ShownAccount,
} from './client/manifest.ts';
export { openFolderName, openItem, sealFolderName, sealItem, type ItemPlace } from './client/item.ts';
export { sealOwnLetter, type OwnKeys, type OwnLetter, type SealedOwnLetter } from './client/own-letter.ts';
export { sealRebuilt, type RebuiltBlobs } from './client/rebuilt.ts';
export {
  openCacheManifest,
  openPage,
  openSegment,
  sealCacheManifest,
  sealPage,
  sealSegment,
  type CacheEntry,
  type CacheManifest,
  type PageRow,
} from './client/cache.ts';
export { decodeSegment, encodeSegment, type Segment, type SegmentContent } from './client/segment.ts';
export { signChange, type AccountChange } from './account-change.ts';
