// Every replay, in the order of their numbers.

import type { Replay } from './replay.ts';
import { badBackupReplays } from './replays/bad-backups.ts';
import { lostFileReplays } from './replays/lost-files.ts';
import { throughTheProgramReplays } from './replays/through-the-program.ts';
import { wrongNumberReplays } from './replays/wrong-numbers.ts';
import { wrongPlaceReplays } from './replays/wrong-place.ts';
import { wrongCommandReplays } from './replays/wrong-commands.ts';

function numberOf({ id }: Replay): number {
  return Number(id.slice(1));
}

export const replays: readonly Replay[] = [
  ...wrongCommandReplays,
  ...lostFileReplays,
  ...badBackupReplays,
  ...wrongPlaceReplays,
  ...throughTheProgramReplays,
  ...wrongNumberReplays,
].toSorted((a, b) => numberOf(a) - numberOf(b));
