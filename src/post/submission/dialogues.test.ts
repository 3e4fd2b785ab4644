// Runs every conversation of dialogues/*.txt against real sockets.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runDialogue } from '../wire/dialogues/dialogue.ts';
import { openDialogueHouse } from './dialogues/test-submission.ts';

const folder = join(import.meta.dirname, 'dialogues');

for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  const title = readFileSync(join(folder, file), 'utf8').split('\n', 1)[0]?.replace(/^# /, '') ?? file;
  test(`${title} (${file})`, () => runDialogue(join(folder, file), openDialogueHouse));
}
