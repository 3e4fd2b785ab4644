// `siegel domain check`: what the world sees of a domain, each record green or red with what to set; works without a running service.

import { clockOf } from '#base/config/read.ts';
import { domain as parseDomain } from '#base/config/values.ts';
import { err, ok } from '#base/result.ts';
import { describeDkimRefusal, openDkimKeys } from '#vault/keykit/dkim-keys.ts';
import type { Run } from '../command.ts';
import { openOutgoing } from '../server/open-outgoing.ts';
import { readCertificate } from '../setup/check-certificate.ts';
import { reportOnDomain } from '../setup/domain-report.ts';
import { hasDkimKeys } from '../setup/has-dkim-keys.ts';
import { reportJson, reportText } from '../setup/show-report.ts';

export const run: Run = async ({ config, operands, terminal }) => {
  const domain = parseDomain(operands[0] ?? config.domain);
  if (domain === undefined)
    return err({ kind: 'misused', sentence: 'DOMAIN must be a domain name such as example.org.' });
  const clock = clockOf(config);
  if (!hasDkimKeys(config.kitDir)) {
    const sentence = `there are no signing keys in ${config.kitDir} yet. Run siegel setup --apply or start the service once, as the user that runs it.`;
    return err({ kind: 'refused', reason: 'no-keys', sentence });
  }
  const keys = await openDkimKeys(config.kitDir, clock.nowMs());
  if (!keys.ok) return err({ kind: 'refused', reason: keys.error.kind, sentence: describeDkimRefusal(keys.error) });
  const outgoing = openOutgoing(config, clock);
  const certificate = await readCertificate(config, clock.nowMs());
  const report = await reportOnDomain({ config, clock, outgoing, dkimKeys: keys.value, certificate }, domain);
  return ok({ json: reportJson(report), text: reportText(report, terminal.isTty), isBad: !report.isGreen });
};
