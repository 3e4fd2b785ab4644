// RecipientKey/lookup: the certificates that letters to these addresses can be sealed to (decision 0013).

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { SEALED } from '#formats/jmap/capabilities.ts';
import { readArguments } from '#formats/jmap/standard-arguments.ts';
import { reading, type Members } from '../method.ts';
import type { FoundKey } from './key-directory.ts';

const shape = v.strictObject({ addresses: v.array(v.pipe(v.string(), v.maxLength(limits.message.addressCharacters))) });

export const recipientKeyLookup = reading('RecipientKey/lookup', SEALED, async (args, call) => {
  const read = readArguments(shape, args);
  if (!read.ok) return read;
  const { addresses } = read.value;
  const { addressesMax, atOnce } = limits.recipientKeys;
  if (addresses.length > addressesMax) {
    return err({ kind: 'requestTooLarge', description: `At most ${addressesMax} addresses in one call.` });
  }
  const { keys } = call.house;
  if (keys === undefined) return err({ kind: 'forbidden', description: 'This house looks up no keys.' });
  const list: Members[] = [];
  for (let at = 0; at < addresses.length; at += atOnce) {
    const some = addresses.slice(at, at + atOnce);
    const found = await Promise.all(
      some.map(async (address) => show(address, await keys.find(call.accountId, address))),
    );
    list.push(...found);
  }
  return ok({ list });
});

function show(address: string, { source, certificate, deliverable }: FoundKey): Members {
  return { address, source, certificate: certificate === undefined ? null : toBase64Url(certificate), deliverable };
}
