// `siegel user login`: whether address and password open the mailbox.

import { ok } from '#base/result.ts';
import type { Run } from '../../command.ts';
import { whileSignedIn } from './signed-in.ts';

export const run: Run = (call) =>
  whileSignedIn(call, async ({ signedIn }) => {
    const { address, role, accountId } = signedIn.session;
    return ok({ json: { address, role, accountId }, text: `${address} is open.` });
  });
