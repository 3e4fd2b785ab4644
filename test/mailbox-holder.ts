// Somebody with one letter in the mailbox, for journeys that change how it is opened: signs in, and shows whether the letter still opens.

import assert from 'node:assert/strict';
import { systemClock } from '#base/clock.ts';
import { createEntryClient } from '../src/web/client/entry.ts';
import { createLetterReader } from '../src/web/client/letter-reader.ts';
import { readLetterIds } from '../src/web/client/mail-reads.ts';
import { openSession, type OpenSession } from '../src/web/client/open-session.ts';
import { parseSecrets } from '../src/web/client/secrets.ts';
import type { SignedIn } from '../src/web/backend.ts';
import { freshReach, patiently, type Life } from './cut-off.ts';
import { PASSWORD, signUp } from './signed-in.ts';
import { openSmtp } from './smtp-client.ts';

export interface Holder {
  readonly life: Life;
  readonly address: string;
  readonly rootKey: string;
  readonly plainLetter: Buffer;
  /** The one that opens now. */
  password: string;
}

export interface Entered {
  readonly reach: typeof fetch;
  readonly signedIn: SignedIn;
}

/** Signs up and gets a letter. */
export async function moveIn(life: Life, name: string): Promise<Holder & Entered> {
  const person = await signUp(() => life.program, name);
  const text = `From: ben@sender.example\r\nTo: ${person.address}\r\nSubject: for ${name}\r\n\r\nKeep this.\r\n`;
  const plainLetter = Buffer.from(text);
  await using smtp = await openSmtp(life.program.smtpPort);
  const reply = await smtp.send({ from: 'ben@sender.example', to: [person.address], bytes: plainLetter });
  assert.equal(reply.code, 250, reply.text);
  const { address, reach, signedIn } = person;
  return { life, address, plainLetter, rootKey: rootKeyOf(signedIn), password: PASSWORD, reach, signedIn };
}

/** Undefined when the password is refused as wrong; any other refusal is a mistake. */
export async function enter({ life, address }: Holder, plainPassword: string): Promise<Entered | undefined> {
  const reach = freshReach(life);
  const step = await patiently(() => createEntryClient(reach, systemClock).signIn({ address, plainPassword }));
  if (!step.ok) {
    assert.equal(step.error.kind, 'wrong-credentials');
    return undefined;
  }
  if (step.value.step !== 'done') throw new Error(`signing in asks for more: ${step.value.step}`);
  return { reach, signedIn: step.value.signedIn };
}

/** The same keys, and the letter byte for byte. */
export async function checkMailbox(holder: Holder, { reach, signedIn }: Entered): Promise<void> {
  assert.equal(rootKeyOf(signedIn), holder.rootKey);
  const session = await sessionOf({ reach, signedIn });
  const ids = await readLetterIds(session.jmap, null);
  assert.ok(ids.ok && ids.value.length === 1, JSON.stringify(ids));
  const [id] = ids.value;
  const read = id === undefined ? undefined : await createLetterReader(session).read(id);
  assert.ok(read?.ok, JSON.stringify(read));
  assert.deepEqual(Buffer.from(read.value.plainOriginal), holder.plainLetter);
}

export async function sessionOf({ reach, signedIn }: Entered): Promise<OpenSession> {
  const session = await patiently(() => openSession(reach, signedIn));
  if (!session.ok) throw new Error(`the session does not open: ${session.error.kind}`);
  return session.value;
}

function rootKeyOf({ secrets }: SignedIn): string {
  const bytes = parseSecrets(secrets)?.rootKey.bytes;
  assert.ok(bytes);
  return Buffer.from(bytes).toString('hex');
}
