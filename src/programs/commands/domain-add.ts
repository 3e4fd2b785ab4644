// `siegel domain add`: letters for a further domain are taken.

import { err } from '#base/result.ts';
import { domain as parseDomain } from '#base/config/values.ts';
import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = async (call) => {
  const domain = parseDomain(call.operands[0] ?? '');
  if (domain === undefined)
    return err({ kind: 'misused', sentence: 'DOMAIN must be a domain name such as example.org.' });
  const catchAll = call.options['catch-all'];
  const params = catchAll === undefined ? { domain } : { domain, catchAll };
  return ask(call, 'domain.add', params, (added) => ({
    json: added,
    text: `Letters for ${added.domain} are taken from now on. Point its MX record here.`,
  }));
};
