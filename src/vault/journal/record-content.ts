// Payload bytes ↔ what a record says: letters in their binary form, everything else in canonical JSON (decision 0002).

import { err, ok, type Result } from '#base/result.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import type { Command, CommandOf } from './commands.ts';
import type { ErasedContent, RecordContent, RecoveredContent, VoidedContent } from './journal.ts';
import { decodeLetterRecord } from './letter-record.ts';
import type { RecordHeader } from './record.ts';
import { RECORD_CODES, type RecordKind } from './record-types.ts';

const FIRST_COMMAND_CODE = 16;

export function encodeCommand(command: Command): Uint8Array {
  return canonicalBytes(command.effect);
}

export function encodeErased(content: ErasedContent): Uint8Array {
  return canonicalBytes({ ...content });
}

export function encodeVoided(content: VoidedContent): Uint8Array {
  return canonicalBytes({ ...content });
}

export function encodeRecovered(content: RecoveredContent): Uint8Array {
  return canonicalBytes({ ...content });
}

/**
 * The digest was checked before: what is malformed here was written malformed, which is damage of ours. Where a letter's body
 * lies is for the caller to find.
 */
export function decodeContent(
  header: RecordHeader,
  payload: Buffer | undefined,
): Result<RecordContent, { kind: 'malformed' }> {
  if (payload === undefined) return ok({ kind: 'gone' });
  if (header.kind === 'letter') {
    const letter = decodeLetterRecord(payload);
    if (!letter.ok) return letter;
    return ok({
      kind: 'letter',
      letter: letter.value,
      bodyPlace: undefined,
    });
  }
  const value = parseJson(payload);
  if (value === undefined) return err({ kind: 'malformed' });
  if (RECORD_CODES[header.kind] >= FIRST_COMMAND_CODE) {
    return ok({ kind: 'command', command: commandOf(header.kind, value) });
  }
  switch (header.kind) {
    case 'erased':
      return ok({ kind: 'erased', erased: value as unknown as ErasedContent });
    case 'voided':
      return ok({ kind: 'voided', voided: value as unknown as VoidedContent });
    case 'recovered':
      return ok({ kind: 'recovered', recovered: value as unknown as RecoveredContent });
    default:
      return err({ kind: 'malformed' });
  }
}

/** A command as it was written: what is malformed here was written malformed. */
export function commandOf(kind: RecordKind, effect: object): Command {
  return { kind, effect } as unknown as Command;
}

/** Payload of an `accountRestated` record; its digest was checked before. */
export function parseRestated(payload: Buffer): CommandOf<'accountRestated'>['effect'] | undefined {
  const value = parseJson(payload);
  if (value === undefined || !('records' in value) || !Array.isArray(value.records)) return undefined;
  return value as CommandOf<'accountRestated'>['effect'];
}

function parseJson(payload: Buffer): object | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
