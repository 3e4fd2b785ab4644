// `siegel user send`: one letter, sealed here for everybody who has a key; standard input holds the password's line and the text behind it.

import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { systemClock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { DraftFile } from '#web/writing.ts';
import { createWriting } from '#web/client/compose/writing-client.ts';
import type { CommandRefusal, Run } from '../../command.ts';
import { refusedSending } from './sentences.ts';
import { whileSignedIn } from './signed-in.ts';

export const run: Run = (call) =>
  whileSignedIn(call, async ({ session, plainLines }) => {
    const { options } = call;
    const files = await readFiles(listOf(options['attach']));
    if (!files.ok) return files;
    const writing = createWriting(session, systemClock, () => []);
    const address = (options['address'] ?? '').toLowerCase();
    const identity = (await writing.identities()).find((one) => one.address.toLowerCase() === address);
    if (!identity) return refusedSending({ kind: 'not-allowed' });
    const people = (text: string | undefined) => listOf(text).map((one) => ({ name: '', address: one }));
    const draft = {
      id: undefined,
      identityId: identity.id,
      to: people(options['to']),
      cc: people(options['cc']),
      bcc: people(options['bcc']),
      subject: options['subject'] ?? '',
      plainHtml: undefined,
      plainText: plainLines.slice(1).join('\n'),
      files: files.value,
      answers: undefined,
    };
    const unsealed = listOf(options['unsealed']);
    const sent = await writing.send(draft, { undoMs: 0, sendAtMs: undefined, unsealed });
    if (!sent.ok) return refusedSending(sent.error);
    const { letterId, submissionIds } = sent.value;
    const parts = submissionIds.length === 1 ? '' : ` in ${submissionIds.length} parts`;
    return ok({ json: { letterId, submissionIds }, text: `The letter is on its way${parts}.` });
  });

/** Divided by commas. */
function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

const TYPES: Readonly<Record<string, string>> = {
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.txt': 'text/plain',
};

async function readFiles(paths: readonly string[]): Promise<Result<readonly DraftFile[], CommandRefusal>> {
  const files: DraftFile[] = [];
  for (const path of paths) {
    try {
      const bytes = Uint8Array.from(await readFile(path));
      const mediaType = TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
      files.push({ name: basename(path), mediaType, bytes, contentId: undefined });
    } catch {
      return err({ kind: 'refused', reason: 'unreadable', sentence: `${path} cannot be read; nothing was sent.` });
    }
  }
  return ok(files);
}
