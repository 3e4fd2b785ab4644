// The commands of fulfilment: collect what two have admitted, look at it, hand it over.

import { lookFaults } from '#formats/desk/model.ts';
import type { Command, Operand } from '../../command.ts';

const number: Operand = { name: 'NUMBER', prose: 'its number, as “request list” shows it: 2026-0007' };

export const fulfilCommands: readonly Command[] = [
  {
    noun: 'request',
    verb: 'collect',
    summary: 'Put together what would be handed over of an admitted request, sealed to the authority and to the roster',
    operands: [number],
    options: {
      by: { value: 'WHO', prose: 'name or fingerprint of somebody of the roster', isRequired: true },
      'case-file': { value: 'FILE', prose: 'its opened case file: what gpg --decrypt shows', isRequired: true },
      recipient: { value: 'FILE', prose: 'the public key of the authority, in armor', isRequired: true },
      out: { value: 'FOLDER', prose: 'where to put the copy for the second look', isRequired: true },
    },
    load: () => import('./request-collect.ts'),
  },
  {
    noun: 'request',
    verb: 'look',
    summary: 'Fetch the copy for the second look, make the statement for its signature, or hand the signed one in',
    operands: [number],
    options: {
      copy: { value: 'FILE', prose: 'write the copy that is sealed to the roster' },
      by: { value: 'WHO', prose: 'who has looked: name or fingerprint of somebody of the roster' },
      out: { value: 'FILE', prose: 'where to write the statement that is to be signed' },
      disagree: { value: 'FAULT', prose: `it must not leave like this: ${lookFaults.join(', ')}` },
      statement: { value: 'FILE', prose: 'the statement that was signed, to hand it in' },
      signature: { value: 'FILE', prose: 'the signature over it: gpg --detach-sign --armor FILE' },
    },
    load: () => import('./request-look.ts'),
  },
  {
    noun: 'request',
    verb: 'handover',
    summary: 'Write the package as it is sealed to the authority, once two people have looked and agree',
    operands: [number],
    options: { out: { value: 'FILE', prose: 'where to write it', isRequired: true } },
    load: () => import('./request-handover.ts'),
  },
];
