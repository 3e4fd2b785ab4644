// Every refusal of the doors is shown to a client in some conversation.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatReply } from '#formats/smtp/smtp-reply.ts';
import { refusalKinds, replyToRefusal, type RefusalKind } from './refusals.ts';

const folders = ['reception', 'submission', 'transit/door'].map((room) =>
  join(import.meta.dirname, '..', room, 'dialogues'),
);

/** Shown elsewhere: by the tests of the doors or of peer limits, or only by a fault of ours. */
const shownElsewhere: readonly string[] = [
  'internal',
  'tooManyConnections',
  'tooManyFromPeer',
  'tooManyPeerErrors',
  'closing',
];

test('every refusal is heard in a dialogue', () => {
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.txt'))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
  const said = files.join('\n');
  const isKind = (kind: string): kind is RefusalKind => refusalKinds.includes(kind);
  const silent = refusalKinds.filter(
    (kind) =>
      isKind(kind) && !shownElsewhere.includes(kind) && !said.includes(formatReply(replyToRefusal(kind)).trimEnd()),
  );
  assert.deepEqual(silent, []);
});
