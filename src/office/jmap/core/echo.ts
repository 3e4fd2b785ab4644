// Core/echo: the arguments come back (RFC 8620 §4).

import { ok } from '#base/result.ts';
import { CORE } from '#formats/jmap/capabilities.ts';
import type { Method } from '../method.ts';

export const coreEcho: Method = {
  name: 'Core/echo',
  capability: CORE,
  hasAccount: false,
  isChange: false,
  run: async (args) => ok(args),
};
