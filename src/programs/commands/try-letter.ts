// `siegel try letter`: sends a sample letter to the first account, over SMTP as any server would.

import { err, ok } from '#base/result.ts';
import type { Run } from '../command.ts';
import { askOperator } from '../operator-socket.ts';
import { sampleLetter } from '../sample-letter.ts';
import { sendLetter } from '../send-letter.ts';

export const run: Run = async (call) => {
  const target = await askOperator(call.config.dataDir, 'letter.target', {});
  if (!target.ok) return err({ kind: 'refused', reason: target.error.kind, sentence: target.error.sentence });
  const { address, host, port } = target.value;
  const from = 'welcome@sample.siegel.test';
  const sent = await sendLetter({
    host,
    port,
    from,
    to: address,
    plainLetter: sampleLetter(from, address, new Date()),
  });
  if (!sent.ok) return err({ kind: 'refused', reason: sent.error.kind, sentence: sent.error.sentence });
  const { reply } = sent.value;
  return ok({ json: { address, reply }, text: `A sample letter went to ${address}.\nThe answer: ${reply}` });
};
