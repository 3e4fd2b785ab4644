// How long a peer is waited for at each step; tests bring shorter ones (RFC 5321 §4.5.3.2).

import { limits } from '#base/limits.ts';

export interface Waits {
  readonly connectMs: number;
  readonly greetingMs: number;
  readonly commandMs: number;
  readonly dataStartMs: number;
  readonly dataBlockMs: number;
  readonly dataEndMs: number;
  readonly letterMs: number;
  readonly idleMs: number;
}

export const usualWaits: Waits = {
  connectMs: limits.delivery.connectWaitMs,
  greetingMs: limits.delivery.greetingWaitMs,
  commandMs: limits.delivery.commandWaitMs,
  dataStartMs: limits.delivery.dataStartWaitMs,
  dataBlockMs: limits.delivery.dataBlockWaitMs,
  dataEndMs: limits.delivery.dataEndWaitMs,
  letterMs: limits.delivery.letterWaitMs,
  idleMs: limits.delivery.idleMs,
};
