// What a replay is: something that once went wrong elsewhere, tried on a scratch house, and the same again with the safeguard off.

import type { Count } from './count-letters.ts';
import type { DrillHouse, Machine } from './drill-house.ts';

export interface Scale {
  /** Of a house: people, and letters in all. */
  readonly accounts: number;
  readonly letters: number;
  /** Of R7: people in the house, and how many of them lose theirs. */
  readonly many: number;
  readonly struck: number;
}

export interface Stage {
  readonly scale: Scale;
  readonly machine: Machine;
  /** The folder of this attempt, empty at first. */
  readonly folder: string;
  /** A house with letters in it, open; closed after the attempt. */
  house(): Promise<DrillHouse>;
  /** A place with a backup that counts, as the night before has left it. */
  nightly(): Promise<string>;
  /** Another one, of somebody else. */
  otherHouse(): Promise<DrillHouse>;
}

export interface Ending extends Count {
  /** What stood in the way, or what brought the letters back; of a sabotaged attempt: nothing did. */
  readonly stoppedBy: string;
}

export interface Replay {
  /** R0 … R18. */
  readonly id: string;
  /** What was attempted, a sentence. */
  readonly attempted: string;
  /** What the sabotaged attempt goes without. */
  readonly without: string;
  /** `isSabotaged`: the safeguard is off; then something must be lost, doubled or broken. */
  run(stage: Stage, isSabotaged: boolean): Promise<Ending>;
}

/** What a sabotaged attempt has to show. */
export function isHarmed({ lost, doubled, broken }: Count): boolean {
  return lost + doubled + broken > 0;
}

/** For replays: what was found is not what the safeguard promises. */
export class NotStopped extends Error {}

export function requireStopped(isStopped: boolean, what: string): void {
  if (!isStopped) throw new NotStopped(what);
}
