// The commands of fulfilment: collect what two have admitted, look at it, hand it over.

import { lookFaults } from '#formats/desk/model.ts';
import type { Command } from '../../command.ts';
import { by, number, signing } from './shared-options.ts';

export const fulfilCommands: readonly Command[] = [
  {
    noun: 'request',
    verb: 'collect',
    summary: 'Put together what would be handed over of an admitted request, sealed to the authority and to the roster',
    operands: [number],
    options: {
      by,
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
      ...signing('who has looked'),
      disagree: { value: 'FAULT', prose: `it must not leave like this: ${lookFaults.join(', ')}` },
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
