// Which mark a row shows: what needs you first, then what expires, then how it was sealed. Pure.

import type { ListRow, Sign } from '../backend.ts';
import type { SealShape } from '../parts/seal-mark.tsx';

const shapes: Readonly<Record<Sign, SealShape>> = {
  'end-to-end': 'end-to-end',
  encrypted: 'on-arrival',
  'on-arrival': 'on-arrival',
  open: 'open',
};

export function shapeOfRow(
  row: Pick<ListRow, 'sign' | 'altered' | 'expiresMs' | 'receivedMs'>,
  nowMs: number,
): { readonly shape: SealShape; readonly left: number | undefined } {
  if (row.altered) return { shape: 'needs-you', left: undefined };
  if (row.expiresMs === undefined) return { shape: shapes[row.sign], left: undefined };
  const whole = Math.max(1, row.expiresMs - row.receivedMs);
  return { shape: 'expires', left: Math.min(1, Math.max(0, (row.expiresMs - nowMs) / whole)) };
}
