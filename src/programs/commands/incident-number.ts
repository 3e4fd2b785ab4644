// The number of an incident among a command’s words.

import { err } from '#base/result.ts';
import type { Call, Outcome } from '../command.ts';

export async function withIncidentNumber(call: Call, then: (number: number) => Promise<Outcome>): Promise<Outcome> {
  const [text = ''] = call.operands;
  if (/^[1-9]\d{0,8}$/.test(text)) return await then(Number(text));
  return err({ kind: 'misused', sentence: `“${text}” is not the number of an incident. See: siegel incident list` });
}
