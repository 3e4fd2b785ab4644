// `siegel user signup`: an invitation, an address, a password.

import { ok } from '#base/result.ts';
import type { Run } from '../../command.ts';
import { refusedEntry } from './sentences.ts';
import { reachServer, readLines } from './signed-in.ts';

export const run: Run = async (call) => {
  const reached = reachServer(call);
  if (!reached.ok) return reached;
  const { entry, reach } = reached.value;
  const [plainPassword = ''] = await readLines(call);
  const code = codeOf(call.options['invite'] ?? '');
  const localPart = (call.options['address'] ?? '').replace(/@.*$/s, '');
  const signedUp = await entry.signUp({ code, localPart, plainPassword });
  if (!signedUp.ok) return refusedEntry(signedUp.error);
  await reach('/auth/logout', { method: 'POST' }).catch(() => undefined);
  const { address } = signedUp.value.session;
  return ok({
    json: { address },
    text: `${address} is ready. Next: ./siegel user phrase, for the day the password is lost.`,
  });
};

/** The code alone, or the last part of the link that carries it. */
function codeOf(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1).trim();
}
