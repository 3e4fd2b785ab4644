// `siegel incident open`: notes what happened and to whom, tells each of them, and shows it on /status.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describePlanned } from './describe-incident.ts';

export const run: Run = (call) => {
  const [title = ''] = call.operands;
  const accounts = (call.options['account'] ?? '').split(',').map((text) => text.trim());
  const params = {
    title,
    fromLedger: call.switches.has('from-ledger'),
    accounts: accounts.filter((text) => text !== ''),
    apply: call.switches.has('apply'),
  };
  return ask(call, 'incident.open', params, (done) => ({ json: done, text: describePlanned(done) }));
};
