// A change as text: what it does, where it stands, predicted against actual, and the next step as a command.

import { err, type Result } from '#base/result.ts';
import { describeReport } from '#vault/safeguards/change/describe-report.ts';
import type { Call, CommandRefusal, Done } from '../command.ts';
import type { ChangeView } from '../methods/change-methods.ts';

const STANDINGS: Readonly<Record<string, string>> = {
  planned: 'planned',
  backedUp: 'a backup covers it',
  rehearsed: 'rehearsed, waits for approval',
  applying: 'is being applied',
  applied: 'applied, not yet proved',
  verified: 'applied and proved',
  undoing: 'is being taken back',
  undone: 'taken back',
  closed: 'closed, nothing was done',
};
const SQL_CHARACTERS = 160;

export function describeChange(change: ChangeView): string {
  const { number, kind, standing, approvals, predicted, actual, proof } = change;
  const lines = [
    `Change ${number} (${kind}, ${change.class}): ${STANDINGS[standing] ?? standing}`,
    ...change.because.map((one) => `  ${one}`),
    ...change.statements.map(
      ({ sql, written }) => `  > ${shorten(sql)}${written === null ? '' : `   instead of: ${shorten(written)}`}`,
    ),
    `planned   ${time(change.plannedMs)}${change.endedMs === null ? `, good until ${time(change.expiresMs)}` : `, ended ${time(change.endedMs)}`}`,
    ...(change.backup === null ? [] : [`backup    ${change.backup}`]),
    ...(predicted === null ? [] : [`predicted ${describeReport(predicted)}; undo ${predicted.undoSeconds} s`]),
    ...(actual === null
      ? []
      : [`actual    ${describeReport(actual)}${change.undoSeconds === null ? '' : `; undo ${change.undoSeconds} s`}`]),
    ...(proof === null ? [] : [`proved    ${proof.ledger}; indexes ${proof.indexes}; letter: ${proof.letter}`]),
    `approved  ${approvals.by.length === 0 ? 'by nobody' : `by ${approvals.by.join(', ')}`}, ${approvals.isEnough ? 'enough' : `${approvals.need} needed`}${approvals.because === '' ? '' : `: ${approvals.because}`}`,
    `undo      ${change.undo}`,
    ...(change.why === null ? [] : [`why       ${change.why}`]),
    `next      ${change.next}`,
  ];
  return lines.join('\n');
}

export function shownChange(change: ChangeView): Done {
  return { json: change, text: describeChange(change) };
}

export function shownLine({
  number,
  kind,
  class: risk,
  standing,
  because,
  predicted,
  actual,
  endedMs,
  plannedMs,
}: ChangeView): string {
  const seconds = actual === null ? '' : `  ${predicted?.seconds ?? 0} s predicted, ${actual.seconds} s`;
  return `${String(number).padStart(4)}  ${risk}  ${kind.padEnd(9)}  ${time(endedMs ?? plannedMs)}  ${STANDINGS[standing] ?? standing}${seconds}  ${because[0]?.slice(3) ?? ''}`;
}

function shorten(sql: string): string {
  const line = sql.replaceAll(/\s+/g, ' ').trim();
  return line.length > SQL_CHARACTERS ? `${line.slice(0, SQL_CHARACTERS)}…` : line;
}

function time(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The change’s number, the first operand. */
export function readNumber(call: Call): Result<number, CommandRefusal> {
  const text = call.operands[0] ?? '';
  if (/^[1-9]\d{0,8}$/.test(text)) return { ok: true, value: Number(text) };
  return err({ kind: 'misused', sentence: 'N must be the number of a change, as siegel change status shows it.' });
}
