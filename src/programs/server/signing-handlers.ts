// What `siegel dkim rotate` does in the running program: new keys are written, and letters are signed with them when their time comes.

import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { zoneLine } from '#formats/zone/zone-record.ts';
import { describeDkimRefusal, publishedRecords, rotate, type DkimKeyPair } from '#vault/keykit/dkim-keys.ts';
import type { OperatorHandlers, OperatorRefusal, ResultOf } from '../operator-methods.ts';
import type { Outward } from './open-transport.ts';

export interface SigningParts {
  readonly clock: Clock;
  readonly domain: string;
  /** As it can be reached now. */
  readonly kitDir: string;
  readonly outward: Pick<Outward, 'dkimKeys'>;
}

/** How long a new record has to spread before letters are signed with its key. */
const SPREAD_HOURS = 48;

export function createSigningHandlers(parts: SigningParts): Pick<OperatorHandlers, 'dkim.rotate'> {
  return { 'dkim.rotate': ({ apply }) => change(parts, apply) };
}

async function change(parts: SigningParts, apply: boolean): Promise<Result<ResultOf<'dkim.rotate'>, OperatorRefusal>> {
  const { clock, kitDir, outward } = parts;
  const nowMs = clock.nowMs();
  const begins = `${new Date(nowMs + SPREAD_HOURS * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const waiting = outward.dkimKeys.some(({ fromMs }) => fromMs > nowMs)
    ? ' A change that has not begun yet is replaced: its records may go.'
    : '';
  const plan = `New signing keys of both kinds are made. Letters are signed with the old ones until ${begins}, with the new ones from then on. Until then publish the new records for each domain; the old ones stay for 14 days more.${waiting}`;
  if (!apply) return ok({ plan, isApplied: false, records: listRecords(outward.dkimKeys, parts) });
  const rotated = await rotate(kitDir, nowMs, SPREAD_HOURS);
  if (!rotated.ok) return err({ kind: rotated.error.kind, sentence: describeDkimRefusal(rotated.error) });
  outward.dkimKeys = rotated.value;
  return ok({ plan, isApplied: true, records: listRecords(rotated.value, parts) });
}

function listRecords(
  keys: readonly DkimKeyPair[],
  { clock, domain }: SigningParts,
): ResultOf<'dkim.rotate'>['records'] {
  return publishedRecords(keys, clock.nowMs()).map(({ name, text, state }) => {
    const whole = `${name}.${domain}`;
    return { name: whole, value: text, line: zoneLine({ name: whole, type: 'TXT', value: text }), state };
  });
}
