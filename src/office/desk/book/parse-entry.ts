// An entry as its row holds it, back to what was hashed. That it is what was written, its leaf says (register/chain.ts).

import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { DeskEntryRow } from '#vault/database/read-desk.ts';
import type { DeskEvent, Entry } from '../register/event.ts';
import type { FilingRow } from '../register/fold.ts';
import { parseDigest } from '#formats/desk/digest.ts';

/** Undefined: erased, or not written as entries are. */
export function parseEntry({
  nth,
  atMs,
  blind,
  event,
}: Pick<DeskEntryRow, 'nth' | 'atMs' | 'blind' | 'event'>): Entry | undefined {
  if (blind === null || event === null) return undefined;
  try {
    const value: unknown = JSON.parse(event);
    if (canonicalJson(value) !== event) return undefined;
    return { nth, atMs, blind: parseDigest(blind), event: value as DeskEvent };
  } catch {
    return undefined;
  }
}

/** As `desk_filing` holds it. What is decided is computed from entries, never from this. */
export function parseFilingRow(contents: string): FilingRow {
  return JSON.parse(contents) as FilingRow;
}
