// A letter to the place for documents: handed to its room in memory, whose answer is awaited; no queue and no row ever has it.

import { newId, type TraceId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { SetError, SetErrorType } from '#formats/jmap/errors.ts';
import { parseAddress } from '#formats/smtp/address.ts';
import type { WireRefusal } from '#post/wire/conduct.ts';
import type { LetterPlace } from '#post/wire/letter-place.ts';
import { refusalWords, type RefusalKind } from '#post/wire/refusals.ts';
import type { NewSubmission } from './read-submission.ts';

const ALONE: SetError = {
  kind: 'documentsAlone',
  description: 'Documents go to one address and to nobody beside: send this letter to the place for documents alone.',
};
const AT_ONCE: SetError = {
  kind: 'invalidProperties',
  properties: ['sendAt'],
  description: 'Documents are worked on at once, and wait nowhere until then.',
};

const HEARD: Partial<Readonly<Record<RefusalKind, SetErrorType>>> = {
  transitMixed: 'documentsAlone',
  transitNoFiles: 'documentsNone',
  transitTooLong: 'documentsTooLong',
  transitNoRoom: 'documentsLater',
  transitOverBudget: 'documentsLater',
  transitCrashed: 'documentsLater',
  transitOutLater: 'documentsLater',
  transitClosed: 'documentsLater',
};

/** Whether one of the recipients is the place. */
export function isForDocuments({ recipients }: NewSubmission, place: LetterPlace): boolean {
  return recipients.some((recipient) => knows(place, recipient) !== undefined);
}

/** Resolves once the result lies in the sender's mailbox and everything else is erased. What it is told to wait for to be taken back is not waited for. */
export async function handInDocuments(
  { plainLetter, mailFrom, recipients, dueMs }: NewSubmission,
  place: LetterPlace,
  nowMs: number,
): Promise<Result<void, SetError>> {
  const [only = ''] = recipients;
  if (recipients.length > 1) return err(ALONE);
  if (knows(place, only) === 'unknown') return err({ kind: 'invalidRecipients', invalidRecipients: [only] });
  if (dueMs > nowMs + limits.jmap.undoSendMs) return err(AT_ONCE);
  const [sender, recipient] = [parseAddress(mailFrom), parseAddress(only)];
  if (!sender.ok || !recipient.ok) return err({ kind: 'invalidRecipients', invalidRecipients: [only] });
  const taken = await place.take(
    {
      traceId: newId<TraceId>(),
      receivedMs: nowMs,
      beganMs: nowMs,
      // the room overwrites what it was given
      plainLetter: plainLetter.slice(),
      sender: sender.value,
      smtpUtf8: false,
      recipientAddresses: [recipient.value],
      source: { protocol: 'submission', peer: '', greetingName: '', tlsVersion: undefined, trusted: false },
    },
    true,
  );
  return taken.ok ? ok(undefined) : err(explain(taken.error));
}

function knows(place: LetterPlace, recipient: string): ReturnType<LetterPlace['knows']> {
  const address = parseAddress(recipient);
  return address.ok ? place.knows(address.value) : undefined;
}

function explain({ kind, where }: WireRefusal): SetError {
  const words = refusalWords(kind);
  const description = `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}.`;
  return {
    kind: HEARD[kind] ?? 'documentsRefused',
    description: where === undefined ? description : `${description} ${where}`,
  };
}
