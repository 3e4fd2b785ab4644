// From an opened letter to the draft that answers or forwards it; its quote stands apart, folded. Pure but for the purifier it is handed.

import type { AnswerKind } from '#formats/compose/answer.ts';
import { answerRecipients, answerSubject } from '#formats/compose/answer.ts';
import { forwardHtml, forwardText, htmlOfText, quoteHtml, quoteText } from '#formats/compose/quote.ts';
import type { OpenedLetter, Person } from '../backend.ts';
import { longDate, timeOfDay, type Language } from '../words/dates.ts';
import type { Words } from '../words/words.ts';
import type { SenderIdentity } from '../writing.ts';
import type { ComposeFile, Composing, Quote } from './compose-state.ts';

export interface AnswerNeeds {
  readonly words: Words;
  readonly language: Language;
  readonly identities: readonly SenderIdentity[];
  /** The letter's HTML, purified and tidied, and its plain form. */
  readonly tidy: (plainHtml: string) => Quote;
}

export type Answer = Pick<Composing, 'people' | 'subject' | 'quote' | 'answers' | 'identityId' | 'areCopiesShown'> & {
  readonly files: readonly Omit<ComposeFile, 'key'>[];
};

function when(letter: OpenedLetter, language: Language): string {
  const timeMs = letter.sentMs ?? letter.provenance.arrivedMs;
  return `${longDate(language, timeMs)}, ${timeOfDay(language, timeMs)}`;
}

const written = (people: readonly Person[]): string =>
  people.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)).join(', ');

/** The letter's own text; of an HTML letter what is left of it when it is tidied. */
function bodyOf(letter: OpenedLetter, needs: AnswerNeeds): Quote {
  if (letter.plainHtml !== undefined) return needs.tidy(letter.plainHtml);
  const plainText = letter.plainText ?? '';
  return { plainHtml: htmlOfText(plainText), plainText };
}

function quoteOf(letter: OpenedLetter, kind: AnswerKind, needs: AnswerNeeds): Quote {
  const { words, language } = needs;
  const body = bodyOf(letter, needs);
  const [sender] = letter.from;
  if (kind !== 'forward') {
    const line = words.compose.wrote(when(letter, language), sender?.name || sender?.address || words.list.noSender);
    return { plainHtml: quoteHtml(body.plainHtml, line), plainText: quoteText(body.plainText, line).trimEnd() };
  }
  const label = words.compose.forwardedFields;
  const fields = [
    [label.from, written(letter.from)],
    [label.date, when(letter, language)],
    [label.subject, letter.subject],
    [label.to, written(letter.to)],
    [label.cc, written(letter.cc)],
  ] as const;
  return {
    plainHtml: forwardHtml(words.compose.forwarded, fields, body.plainHtml),
    plainText: forwardText(words.compose.forwarded, fields, body.plainText).trimEnd(),
  };
}

/** The identity the letter was written to answers it. */
export function identityFor(letter: OpenedLetter, identities: readonly SenderIdentity[]): string {
  const reached = new Set([...letter.to, ...letter.cc, ...letter.from].map(({ address }) => address.toLowerCase()));
  return (identities.find(({ address }) => reached.has(address.toLowerCase())) ?? identities[0])?.id ?? '';
}

export function answerDraft(letter: OpenedLetter, kind: AnswerKind, needs: AnswerNeeds): Answer {
  const own = needs.identities.map(({ address }) => address);
  const { to, cc } = answerRecipients(letter, kind, own);
  const files = kind === 'forward' ? letter.attachments : [];
  return {
    identityId: identityFor(letter, needs.identities),
    people: { to, cc, bcc: [] },
    areCopiesShown: cc.length > 0,
    subject: answerSubject(letter.subject, kind),
    quote: quoteOf(letter, kind, needs),
    answers: { id: letter.id, how: kind === 'forward' ? 'forward' : 'reply' },
    files: files.map(({ name, mediaType, bytes }) => ({
      name,
      mediaType,
      sizeBytes: bytes.length,
      bytes,
      readShare: 1,
      contentId: undefined,
    })),
  };
}
