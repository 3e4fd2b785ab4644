// `siegel user password`: old and new password on two lines of standard input.

import { err, ok } from '#base/result.ts';
import type { Run } from '../../command.ts';
import { refusedEntry } from './sentences.ts';
import { whileSignedIn } from './signed-in.ts';

export const run: Run = (call) =>
  whileSignedIn(call, async ({ entry, signedIn, plainLines }) => {
    const [plainOldPassword = '', plainNewPassword] = plainLines;
    if (plainNewPassword === undefined) {
      return err({ kind: 'misused', sentence: 'standard input needs two lines: the old password and the new one.' });
    }
    const changed = await entry.changePassword({ signedIn, plainOldPassword, plainNewPassword });
    if (!changed.ok) return refusedEntry(changed.error);
    const { address } = changed.value.session;
    return ok({
      json: { address },
      text: `The new password of ${address} is the only one now; other sessions have ended.`,
    });
  });
