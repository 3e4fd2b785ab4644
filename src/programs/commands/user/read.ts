// `siegel user read ID`: one letter, opened here.

import { parseId, type LetterId } from '#base/ids.ts';
import { err, ok } from '#base/result.ts';
import { makeDisplay } from '#formats/message/display.ts';
import { htmlToText } from '#formats/message/html-text.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { toBase64 } from '#formats/base64/base64.ts';
import { createLetterReader } from '#web/client/letter-reader.ts';
import { factsOf, signOf } from '#web/client/letter-row.ts';
import type { Run } from '../../command.ts';
import { refusedOpening } from './sentences.ts';
import { whileSignedIn } from './signed-in.ts';

export const run: Run = (call) =>
  whileSignedIn(call, async ({ session }) => {
    const id = parseId<LetterId>(call.operands[0]);
    if (id === undefined) return err({ kind: 'misused', sentence: 'ID must be one that “user list” shows.' });
    const read = await createLetterReader(session).read(id);
    if (!read.ok) return refusedOpening(read.error);
    const { plainOriginal, opened } = read.value;
    const view = readLetter(plainOriginal);
    const display = makeDisplay(plainOriginal, view);
    const plainText = display.text ?? (display.html === undefined ? '' : htmlToText(display.html));
    const people = (list: typeof view.from) =>
      list.map(({ name, address }) => (name ? `${name} <${address}>` : address));
    const head = [
      `From: ${people(view.from).join(', ')}`,
      `To: ${people(view.to).join(', ')}`,
      `Subject: ${view.subject}`,
      `Date: ${view.date ? new Date(view.date.atMs).toISOString() : 'unknown'}`,
      `Seal: ${signOf(opened)}`,
    ];
    return ok({
      json: {
        id,
        facts: factsOf(opened),
        sign: signOf(opened),
        receivedMs: opened.summary.receivedMs,
        verdict: opened.summary.verdict,
        provenance: opened.summary.provenance,
        plainText,
        plainOriginalBase64: toBase64(plainOriginal),
      },
      text: `${head.map(withoutControls).join('\n')}\n\n${withoutControls(plainText)}`,
    });
  });

/** A letter must not move the cursor of a terminal or set its title. */
function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n\t]/gu, '');
}
