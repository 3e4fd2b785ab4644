// Which hosts' TLS is broken and which addresses do not answer: for a while, in memory, so that not every letter waits for it.

import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';

export interface TroubleMemory {
  isTlsBroken(host: string): boolean;
  tlsBroke(host: string): void;
  isDead(address: string): boolean;
  died(address: string): void;
}

export function createTroubleMemory(clock: Clock): TroubleMemory {
  const untilMs = new Map<string, number>();
  const keep = (key: string, forMs: number): void => {
    untilMs.delete(key);
    for (const oldest of untilMs.keys()) {
      if (untilMs.size < limits.delivery.rememberedMax) break;
      untilMs.delete(oldest);
    }
    untilMs.set(key, clock.monotonicMs() + forMs);
  };
  const holds = (key: string): boolean => clock.monotonicMs() < (untilMs.get(key) ?? 0);
  return {
    isTlsBroken: (host) => holds(`tls ${host}`),
    tlsBroke: (host) => keep(`tls ${host}`, limits.delivery.brokenTlsMs),
    isDead: (address) => holds(`address ${address}`),
    died: (address) => keep(`address ${address}`, limits.delivery.deadAddressMs),
  };
}
