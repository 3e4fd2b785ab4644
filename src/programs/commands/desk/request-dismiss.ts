// `siegel request dismiss ARRIVAL`: what came in is no request that is filed.

import { dismissals } from '#formats/desk/model.ts';
import { ask } from '../../ask.ts';
import type { Run } from '../../command.ts';
import { misused } from './read-text.ts';

export const run: Run = async (call) => {
  const wanted = (call.options['why'] ?? '').toUpperCase();
  const why = dismissals.find((one) => one === wanted);
  if (why === undefined) return misused(`--why is one of ${dismissals.join(', ')}.`);
  const [arrival = ''] = call.operands;
  return ask(call, 'request.dismiss', { arrival, why, by: call.options['by'] ?? '' }, (dismissed) => ({
    json: dismissed,
    text: `${arrival} is dismissed: ${why}.`,
  }));
};
