// The one request of a job: documents go in as frames, the answer is read while it comes. Ending it ends the work.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { answerFrame, type AnswerFrame, type OrderFrame } from '#formats/transit-wire/drop-frames.ts';
import { createFrameReader, frameLine } from '#formats/transit-wire/frames.ts';
import type { Profile } from '#formats/transit-wire/profile.ts';
import type { Language } from '../words/dates.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface Drop {
  readonly files: readonly File[];
  readonly profile: Profile;
  readonly language: Language;
  /** Where the house asks for one. */
  readonly code: string | undefined;
}

/** `ended`: the answer came to its end; all others: nothing was kept by the house. */
export type DropEnd = 'ended' | 'stopped' | 'broken' | 'notTaken' | 'signedOut' | 'tooLarge' | 'noRoom';

const ENDS: ReadonlyMap<number, DropEnd> = new Map([
  [401, 'signedOut'],
  [413, 'tooLarge'],
  [429, 'noRoom'],
  [503, 'noRoom'],
]);

export function codeHeader(code: string | undefined): Record<string, string> {
  return code === undefined ? {} : { authorization: `Bearer ${code}` };
}

export async function sendDrop(
  drop: Drop,
  way: {
    readonly reach: typeof fetch;
    readonly signal: AbortSignal;
    readonly onFrame: (frame: AnswerFrame, bytes: Bytes) => void;
  },
): Promise<DropEnd> {
  try {
    const answer = await way.reach('/transit/jobs', {
      method: 'POST',
      body: bodyOf(drop),
      headers: { ...codeHeader(drop.code), 'content-type': 'application/vnd.siegel.documents' },
      credentials: 'same-origin',
      redirect: 'error',
      signal: way.signal,
    });
    if (!answer.ok || answer.body === null) return ENDS.get(answer.status) ?? 'notTaken';
    return (await readAnswer(answer.body, way.onFrame)) ? 'ended' : 'broken';
  } catch {
    return way.signal.aborted ? 'stopped' : 'broken';
  }
}

/** The browser takes the documents from the disk as they go. */
function bodyOf({ files, profile, language }: Drop): Blob {
  const order: OrderFrame = { kind: 'order', profile, language };
  return new Blob([
    frameLine(order),
    ...files.flatMap((file) => [
      frameLine({ kind: 'file', name: file.name.slice(0, limits.transit.dropNameCharacters) }, file.size),
      file,
    ]),
  ]);
}

/** Whether it came to its end. */
async function readAnswer(
  body: ReadableStream<Bytes>,
  onFrame: (frame: AnswerFrame, bytes: Bytes) => void,
): Promise<boolean> {
  const { answerLineBytes, bytesBackMax } = limits.transit;
  const frames = createFrameReader({ headBytes: answerLineBytes, bytes: bytesBackMax });
  const reader = body.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return false;
    const pushed = frames.push(value);
    if (!pushed.ok) return false;
    for (const { head, bytes } of pushed.value) {
      const frame = v.safeParse(answerFrame, head);
      if (!frame.success) return false;
      onFrame(frame.output, bytes);
      if (frame.output.kind === 'end') return true;
    }
  }
}
