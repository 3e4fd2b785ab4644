// Filings as lines of the CSV that read-register.ts takes: for moving a register, and for examples.

import type { Past } from '../register/event.ts';
import type { Filing } from '#formats/desk/model.ts';
import { columns } from './column-words.ts';

export interface PastLine {
  readonly filing: Filing;
  readonly past: Past;
}

/** `divider`: as the reader's program likes it. Numbers of the register stand as references. */
export function writeRegister(lines: readonly PastLine[], divider: ',' | ';' = ','): string {
  const rows = lines.map(({ filing, past }) => [
    filing.filing,
    new Date(filing.receivedMs).toISOString(),
    filing.authority.class,
    filing.authority.country,
    filing.channel,
    filing.instrument,
    filing.urgency,
    filing.items.map(({ kind }) => kind).join('|'),
    filing.items.flatMap(({ basis }) => basis ?? []).join('|'),
    String(filing.targets),
    filing.corrects ?? '',
    past.outcome ?? '',
    past.reasons.join('|'),
    past.decidedMs === null ? '' : new Date(past.decidedMs).toISOString(),
  ]);
  return [columns, ...rows].map((row) => `${row.map(cell).join(divider)}\r\n`).join('');
}

/** RFC 4180 §2: quoted where it holds what divides. */
function cell(value: string): string {
  return /[",;\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
