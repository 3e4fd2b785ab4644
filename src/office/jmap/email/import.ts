// Email/import: a whole letter of one's own from an upload, sealed at the door; it is dated when it came here (RFC 8621 §4.8).

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { MAIL } from '#formats/jmap/capabilities.ts';
import type { SetError } from '#formats/jmap/errors.ts';
import { SetOutcome } from '#formats/jmap/set-outcome.ts';
import { boundSet, readArguments, setShape } from '#formats/jmap/standard-arguments.ts';
import { ChangeRun } from '../change-run.ts';
import { changing, type Call, type Members } from '../method.ts';
import { readObject } from '../sealed/read-sealed.ts';
import { checkState, emailState, requireStates } from '../states.ts';
import { keepAtDoor } from './keep-at-door.ts';

const shape = v.strictObject({ ifInState: setShape.entries.ifInState, emails: setShape.entries.create });
const emailShape = v.strictObject({
  blobId: v.string(),
  mailboxIds: v.unknown(),
  keywords: v.optional(v.unknown()),
  receivedAt: v.nullish(v.string()),
});

export const emailImport = changing('Email/import', MAIL, async (args, call) => {
  const read = readArguments(shape, args);
  if (!read.ok) return read;
  const bounded = boundSet({ create: read.value.emails });
  if (!bounded.ok) return bounded;
  const before = await requireStates(call);
  const current = checkState(read.value.ifInState, emailState(before));
  if (!current.ok) return current;
  const outcome = new SetOutcome();
  const run = new ChangeRun(call);
  const letters = Object.entries(read.value.emails ?? {}).map(([creationId, members]) => {
    return { creationId, members, plainLetter: readUpload(members, call) };
  });
  const kept = await keepAtDoor(letters, { call, run, outcome, before });
  if (!kept.ok) return kept;
  const { oldState, newState, created, notCreated } = outcome.response(run.statesAround(before, 'emailModseq'));
  return ok({ oldState, newState, created, notCreated });
});

function readUpload(members: Members, call: Call): Result<Uint8Array, SetError> {
  const email = readObject(emailShape, members);
  if (!email.ok) return email;
  const upload = call.house.uploads.find(call.accountId, email.value.blobId);
  if (upload === undefined) return err({ kind: 'blobNotFound', notFound: [email.value.blobId] });
  const maxSize = limits.smtp.letterBytes;
  return upload.bytes.length > maxSize ? err({ kind: 'tooLarge', maxSize }) : ok(upload.bytes);
}
