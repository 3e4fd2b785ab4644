// `siegel request answer NUMBER`: the draft of a letter from the reasons, or, with the letter that was sent, that it was.

import { ok } from '#base/result.ts';
import { reasons, type Reason } from '#formats/desk/model.ts';
import { letterKinds } from '#office/desk/register/event.ts';
import { ask } from '../../ask.ts';
import type { Call, Outcome, Run } from '../../command.ts';
import { describeChanged } from './describe-request.ts';
import { misused, readText } from './read-text.ts';

export const run: Run = async (call) => {
  const { letter, by } = call.options;
  const wanted = (call.options['kind'] ?? 'REJECTION').toUpperCase();
  const letterKind = letterKinds.find((one) => one === wanted);
  if (letterKind === undefined) return misused(`--kind is one of ${letterKinds.join(', ')}.`);
  const language = call.options['language'] ?? 'de';
  if (language !== 'de' && language !== 'en') return misused('--language is de or en.');
  if (letter === undefined) return draft(call, letterKind, language);
  if (by === undefined) return misused('--by says who sent it.');
  const text = await readText(letter);
  if (!text.ok) return text;
  const params = { filing: call.operands[0] ?? '', by, text: text.value, letterKind, language } as const;
  return ask(call, 'request.answer', params, describeChanged);
};

async function draft(call: Call, letterKind: string, language: 'de' | 'en'): Promise<Outcome> {
  if (letterKind === 'ANSWER') return misused('an answer is written by people: there is no draft of one.');
  const named: Reason[] = [];
  for (const word of (call.options['reasons'] ?? '').split(/[\s,]+/).filter((part) => part !== '')) {
    const reason = reasons.find((one) => one === word.toUpperCase());
    if (reason === undefined) return misused(`${word} is no reason. One or more of ${reasons.join(', ')}.`);
    named.push(reason);
  }
  const kind = letterKind === 'CORRECTION' ? 'CORRECTION' : 'REJECTION';
  const params = { filing: call.operands[0] ?? '', letterKind: kind, language, reasons: named } as const;
  return ask(call, 'request.draft', { ...params, reasons: named }, (drafted) =>
    ok({ json: drafted, text: `${drafted.subject}\n\n${drafted.text.trimEnd()}` }),
  );
}
