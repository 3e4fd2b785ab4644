// The room's two secrets, made from the key kit: the same after every restart, and of no use for anything else.

import { hkdfSync } from 'node:crypto';
import type { KeyKit } from '#vault/keykit/key-kit.ts';

const BYTES = 32;

export function roomKeys({ settingsKey }: Pick<KeyKit, 'settingsKey'>): {
  readonly key: Uint8Array;
  readonly signingSeed: Uint8Array;
} {
  const make = (label: string): Uint8Array => new Uint8Array(hkdfSync('sha256', settingsKey, '', label, BYTES));
  return { key: make('siegel/transit/letter-key/v1'), signingSeed: make('siegel/transit/receipts/v1') };
}
