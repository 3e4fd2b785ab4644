// `siegel user phrase`: twelve words that open the mailbox when the password is lost.

import { ok } from '#base/result.ts';
import { putPhrase } from '#web/client/put-phrase.ts';
import { makePhrase } from '#vault/sealing/keys.ts';
import type { Run } from '../../command.ts';
import { refusedChange } from './sentences.ts';
import { whileSignedIn } from './signed-in.ts';

export const run: Run = (call) =>
  whileSignedIn(call, async ({ session }) => {
    const plainPhrase = makePhrase();
    const put = await putPhrase(session, plainPhrase);
    if (!put.ok) return refusedChange(put.error);
    const text = `${plainPhrase}\nWrite these twelve words down on paper. They are shown once; a phrase made before no longer works.`;
    return ok({ json: { phrase: plainPhrase }, text });
  });
