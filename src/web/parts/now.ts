// What time it is for the page: through the house's clock, like everywhere.

import { systemClock } from '#base/clock.ts';

export function nowMs(): number {
  return systemClock.nowMs();
}
