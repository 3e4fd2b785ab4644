// The letter that is answered or forwarded: its place in the conversation, and the flag it gets.

import * as v from 'valibot';
import type { LetterId } from '#base/ids.ts';
import { answerPlace, type AnswerPlace } from '#formats/compose/answer.ts';
import type { Draft } from '../../writing.ts';
import { createLetterChanges } from '../letter-changes.ts';
import { readLetterRows } from '../mail-reads.ts';
import type { OpenSession } from '../open-session.ts';

const NOWHERE: AnswerPlace = { inReplyTo: [], references: [] };
const placeShape = v.object({
  messageId: v.fallback(v.nullable(v.string()), null),
  inReplyTo: v.fallback(v.array(v.string()), []),
  references: v.fallback(v.array(v.string()), []),
});

/** From the sealed summary. A forwarded letter begins a conversation of its own. */
export async function readAnswerPlace(session: OpenSession, answers: Draft['answers']): Promise<AnswerPlace> {
  if (answers?.how !== 'reply') return NOWHERE;
  const rows = await readLetterRows(session.jmap, [], [answers.id]);
  const row = rows.ok ? rows.value.summaries.get(answers.id) : undefined;
  const opened = row && (await session.summaries.open(row));
  const facts = v.safeParse(placeShape, opened?.summary.facts);
  return facts.success ? answerPlace(facts.output) : NOWHERE;
}

function keywordOf({ how }: NonNullable<Draft['answers']>): '$answered' | '$forwarded' {
  return how === 'reply' ? '$answered' : '$forwarded';
}

/** Whether it got the flag by this call: only then it loses it again when the answer is taken back. A letter that is gone gets none. */
export async function markAnswered(session: OpenSession, answers: Draft['answers']): Promise<boolean> {
  if (answers === undefined) return false;
  const keyword = keywordOf(answers);
  if (await hasKeyword(session, answers.id, keyword)) return false;
  const done = await createLetterChanges(session).change([answers.id], { addKeywords: [keyword] });
  return done.ok;
}

export async function unmarkAnswered(session: OpenSession, answers: Draft['answers']): Promise<void> {
  if (answers === undefined) return;
  await createLetterChanges(session).change([answers.id], { removeKeywords: [keywordOf(answers)] });
}

async function hasKeyword({ jmap }: OpenSession, id: LetterId, keyword: string): Promise<boolean> {
  const rows = await readLetterRows(jmap, [id], []);
  return rows.ok && rows.value.places.get(id)?.keywords[keyword] === true;
}
