// `siegel user read ID`: one letter, opened here, with the sign its seals and keys give it.

import { systemClock } from '#base/clock.ts';
import { parseId, type LetterId } from '#base/ids.ts';
import { err, ok } from '#base/result.ts';
import { htmlToText } from '#formats/message/html-text.ts';
import { toBase64 } from '#formats/base64/base64.ts';
import type { OpenedLetter } from '#web/backend.ts';
import { createLetterReader } from '#web/client/letter-reader.ts';
import { factsOf } from '#web/client/letter-row.ts';
import { createPageOpener } from '#web/client/open-for-page.ts';
import { createPinnedKeys } from '#web/client/pinned-keys.ts';
import type { Run } from '../../command.ts';
import { refusedOpening } from './sentences.ts';
import { whileSignedIn } from './signed-in.ts';

export const run: Run = (call) =>
  whileSignedIn(call, async ({ session }) => {
    const id = parseId<LetterId>(call.operands[0]);
    if (id === undefined) return err({ kind: 'misused', sentence: 'ID must be one that “user list” shows.' });
    const shown = await createPageOpener(session, createPinnedKeys(session), systemClock).open(id);
    if (!shown.ok) return refusedOpening(shown.error);
    const read = await createLetterReader(session).read(id);
    if (!read.ok) return refusedOpening(read.error);
    const letter = shown.value;
    const { opened } = read.value;
    const plainText = letter.plainText ?? (letter.plainHtml === undefined ? '' : htmlToText(letter.plainHtml));
    return ok({
      json: {
        id,
        facts: factsOf(opened),
        sign: letter.sign,
        receivedMs: opened.summary.receivedMs,
        verdict: opened.summary.verdict,
        provenance: opened.summary.provenance,
        plainText,
        plainOriginalBase64: toBase64(read.value.plainOriginal),
      },
      text: `${headOf(letter).map(withoutControls).join('\n')}\n\n${withoutControls(plainText)}`,
    });
  });

function headOf({ from, to, subject, sentMs, sign, attachments }: OpenedLetter): readonly string[] {
  const people = (list: typeof from) => list.map(({ name, address }) => (name ? `${name} <${address}>` : address));
  return [
    `From: ${people(from).join(', ')}`,
    `To: ${people(to).join(', ')}`,
    `Subject: ${subject}`,
    `Date: ${sentMs === undefined ? 'unknown' : new Date(sentMs).toISOString()}`,
    `Seal: ${sign}`,
    ...attachments.map(({ name, sizeBytes }) => `File: ${name} (${sizeBytes} bytes)`),
  ];
}

/** A letter must not move the cursor of a terminal or set its title. */
function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '');
}
