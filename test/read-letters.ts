// Everything in somebody's mailbox, opened by the client library as a person's device does.

import { createLetterReader } from '../src/web/client/letter-reader.ts';
import { readLetterIds } from '../src/web/client/mail-reads.ts';
import { openSession } from '../src/web/client/open-session.ts';
import type { SignedIn } from '../src/web/backend.ts';

export interface Reader {
  readonly reach: typeof fetch;
  readonly signedIn: SignedIn;
}

/** The originals, newest first; rejects when one does not open. */
export async function readLetters({ reach, signedIn }: Reader): Promise<readonly Buffer[]> {
  const session = await openSession(reach, signedIn);
  if (!session.ok) throw new Error(`the session does not open: ${session.error.kind}`);
  const ids = await readLetterIds(session.value.jmap, null);
  if (!ids.ok) throw new Error(`the mailbox cannot be listed: ${ids.error.kind}`);
  const reader = createLetterReader(session.value);
  const letters: Buffer[] = [];
  for (const id of ids.value) {
    const letter = await reader.read(id);
    if (!letter.ok) throw new Error(`a letter does not open: ${letter.error.kind}`);
    letters.push(Buffer.from(letter.value.plainOriginal));
  }
  return letters;
}
