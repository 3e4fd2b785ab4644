// Operands and options that several commands of the desk take.

import type { CommandOption, Operand } from '../../command.ts';

export const number: Operand = { name: 'NUMBER', prose: 'its number, as “request list” shows it: 2026-0007' };
export const by: CommandOption = { value: 'WHO', prose: 'name or fingerprint of somebody of the roster', isRequired: true }; // prettier-ignore

/** Make a statement for its signature, or hand the signed one in. `whose`: "whose verdict". */
export function signing(whose: string): Readonly<Record<string, CommandOption>> {
  return {
    by: { value: 'WHO', prose: `${whose}: name or fingerprint of somebody of the roster` },
    out: { value: 'FILE', prose: 'where to write the statement that is to be signed' },
    statement: { value: 'FILE', prose: 'the statement that was signed, to hand it in' },
    signature: { value: 'FILE', prose: 'the signature over it: gpg --detach-sign --armor FILE' },
  };
}
