// The desk's form for everybody: the checked roster goes out, what is sealed to it comes in and waits for a person.

import type { Hono } from 'hono';
import type { Clock } from '#base/clock.ts';
import { createAuthoritiesRoutes } from '#office/api/authorities-site.ts';
import { err, ok } from '#base/result.ts';
import type { HouseDesk } from './open-desk.ts';

export interface AuthoritiesFacts {
  readonly clock: Clock;
  readonly desk: Pick<HouseDesk, 'desk'>;
  readonly house: string;
  readonly isUnlimitedPeer: (peer: string) => boolean;
}

export function openAuthorities(facts: AuthoritiesFacts): Hono {
  const { clock, house, isUnlimitedPeer } = facts;
  const { desk } = facts.desk;
  return createAuthoritiesRoutes({
    clock,
    isUnlimitedPeer,
    desk: async () => {
      const standing = await desk.inForce();
      const roster = standing.ok ? standing.value.policy.roster : [];
      return {
        house,
        roster: roster.map(({ role, fingerprint, certificate }) => ({ role, fingerprint, certificate })),
      };
    },
    arrive: async (sealed) => {
      const arrived = await desk.arrive('WEB', clock.nowMs(), sealed);
      if (arrived.ok) return ok({ arrival: arrived.value });
      return err({ kind: arrived.error.kind === 'caseFile' ? 'notSealed' : 'later' });
    },
  });
}
