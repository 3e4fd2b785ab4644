// Runs every conversation of dialogues/*.txt with a real room.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runDialogue } from '../../wire/dialogues/dialogue.ts';
import { openDialogueRoom } from './dialogues/test-room.ts';

const folder = join(import.meta.dirname, 'dialogues');
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

for (const file of files) {
  const title = readFileSync(join(folder, file), 'utf8').split('\n', 1)[0]?.replace(/^# /, '') ?? file;
  test(`${title} (${file})`, () => runDialogue(join(folder, file), openDialogueRoom));
}
