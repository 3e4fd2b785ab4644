// Runs every conversation of dialogues/*.txt against a real socket.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatReply } from '#formats/smtp/smtp-reply.ts';
import { runDialogue } from './dialogues/dialogue.ts';
import { refusalKinds, replyToRefusal, type RefusalKind } from './refusals.ts';

const folder = join(import.meta.dirname, 'dialogues');
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

for (const file of files) {
  const title = readFileSync(join(folder, file), 'utf8').split('\n', 1)[0]?.replace(/^# /, '') ?? file;
  test(`${title} (${file})`, () => runDialogue(join(folder, file)));
}

/** Shown elsewhere: by reception.test.ts or peer limits, or only by a fault of ours. */
const shownElsewhere: readonly string[] = [
  'internal',
  'tooManyConnections',
  'tooManyFromPeer',
  'tooManyPeerErrors',
  'closing',
];

test('every refusal is heard in a dialogue', () => {
  const said = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  const isKind = (kind: string): kind is RefusalKind => refusalKinds.includes(kind);
  const silent = refusalKinds.filter(
    (kind) =>
      isKind(kind) && !shownElsewhere.includes(kind) && !said.includes(formatReply(replyToRefusal(kind)).trimEnd()),
  );
  assert.deepEqual(silent, []);
});
