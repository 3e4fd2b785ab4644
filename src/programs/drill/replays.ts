// Every replay, in the order of their numbers.

import type { Replay } from './replay.ts';
import { wrongCommandReplays } from './replays/wrong-commands.ts';

function numberOf({ id }: Replay): number {
  return Number(id.slice(1));
}

export const replays: readonly Replay[] = [...wrongCommandReplays].toSorted((a, b) => numberOf(a) - numberOf(b));
