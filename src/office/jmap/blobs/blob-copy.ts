// Blob/copy: between accounts only, and a session sees one account (RFC 8620 §6.3).

import * as v from 'valibot';
import { err } from '#base/result.ts';
import { CORE } from '#formats/jmap/capabilities.ts';
import { idText, readArguments } from '#formats/jmap/standard-arguments.ts';
import { reading } from '../method.ts';

const shape = v.strictObject({ fromAccountId: idText, blobIds: v.array(idText) });

export const blobCopy = reading('Blob/copy', CORE, async (args, call) => {
  const read = readArguments(shape, args);
  if (!read.ok) return read;
  if (read.value.fromAccountId !== call.accountId) return err({ kind: 'fromAccountNotFound' });
  return err({ kind: 'invalidArguments', arguments: ['fromAccountId'], description: 'Copying is between accounts.' });
});
