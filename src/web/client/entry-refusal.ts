// A refusal of the server as one the sign-in page has a sentence for.

import type { EntryRefusal } from '../backend.ts';
import type { DoorRefusal } from './http-door.ts';

const KINDS: Readonly<Record<string, EntryRefusal['kind']>> = {
  'invitation-unknown': 'invitation-unknown',
  'address-taken': 'address-taken',
  'address-invalid': 'address-invalid',
  'wrong-credentials': 'wrong-credentials',
  'wrong-code': 'wrong-code',
  'wrong-phrase': 'wrong-phrase',
  'too-many-tries': 'too-many-tries',
  'handle-expired': 'handle-expired',
  'signed-out': 'handle-expired',
  stale: 'handle-expired',
  'no-connection': 'no-connection',
};

export function entryRefusal({ kind, retryAfterMs }: DoorRefusal): EntryRefusal {
  const known = KINDS[kind] ?? 'server-unavailable';
  return retryAfterMs === undefined ? { kind: known } : { kind: known, retryAfterMs };
}
