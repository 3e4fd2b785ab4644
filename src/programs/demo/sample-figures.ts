// What 300 invented houses report in one quarter: truths as houses might have them, randomised and sealed as every house does it.

import { randomBytes } from 'node:crypto';
import type { KnownCollector } from '#office/telemetry/catalogue/card.ts';
import { hashQuestion } from '#office/telemetry/catalogue/question.ts';
import { questions, type QuestionId } from '#office/telemetry/catalogue/questions.ts';
import { drawUnits } from '#office/telemetry/report/chance.ts';
import { sealReport } from '#office/telemetry/report/envelope.ts';
import { randomise } from '#office/telemetry/report/randomise.ts';

export const HOUSES = 300;
/** Of these so many answered which version they run: too few for it to be published. */
const VERSION_HOUSES = 80;

/** How many of a hundred houses hold each answer. */
const SHARES: Readonly<Record<QuestionId, readonly number[]>> = {
  users: [28, 31, 24, 11, 5, 1],
  letters: [8, 22, 36, 24, 9, 1],
  'mailbox-size': [9, 20, 24, 30, 14, 3],
  system: [62, 14, 8, 9, 3, 4],
  database: [88, 12],
  use: [6, 27, 67],
  rooms: [49, 31, 12, 8],
  version: [100, 0, 0, 0, 0],
};

/** One report a house and question, all of one day. */
export function* sampleReports(
  { key, authority }: Pick<KnownCollector, 'key' | 'authority'>,
  day: number,
): Generator<Uint8Array> {
  const asked = questions.map((question) => ({ question, hash: hashQuestion(question) }));
  for (let house = 0; house < HOUSES; house++) {
    const seed = randomBytes(32);
    for (const { question, hash } of asked) {
      if (question.id === 'version' && house >= VERSION_HOUSES) continue;
      const [unit = 0] = drawUnits(seed, 'sample', question.id, 1);
      const truth = bucketAt(SHARES[question.id], unit);
      const answer = randomise(seed, { hash, buckets: question.buckets.length, truth });
      yield sealReport({ kind: 'answer', day, question: hash, answer }, key, authority).bytes;
    }
  }
}

function bucketAt(shares: readonly number[], unit: number): number {
  let left = unit * shares.reduce((sum, share) => sum + share, 0);
  for (const [bucket, share] of shares.entries()) {
    left -= share;
    if (left < 0) return bucket;
  }
  return 0;
}
