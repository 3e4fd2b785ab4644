// The automatic answer as a letter (RFC 3834): the same for every author of a day, but for its addresses and ids.

import { requireValue } from '#base/assert.ts';
import { textField } from '#formats/compose/field-lines.ts';
import { writeLetter } from '#formats/compose/write-letter.ts';
import type { CalendarDay } from '#formats/desk/model.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import type { Classified } from '../classify/facts.ts';
import { citeOf } from '../letters/draft-letter.ts';
import { letterWords } from '../letters/letter-words.ts';
import type { Language } from '../letters/reason-words.ts';
import { joinedArmor } from '../page/published.ts';
import { waysOpenForAll, type Admissibility } from '../policy/admissibility.ts';
import { answerWords, KEYS_FILE } from './answer-words.ts';

export interface AnswerWish {
  readonly policy: Policy;
  readonly channel: Classified['channel'];
  /** What the policy says of that way. */
  readonly said: Admissibility;
  readonly today: CalendarDay;
  /** The desk's own address. */
  readonly from: string;
  readonly to: string;
  /** Of the page of this house, without a slash at its end. */
  readonly origin: string;
  readonly dateMs: number;
  /** Without angle brackets. */
  readonly messageId: string;
  /** Of the letter that is answered, without angle brackets. */
  readonly inReplyTo: string | undefined;
}

/** The bytes of the letter. Throws for an address that the door would not have taken. */
export function composeAnswer(wish: AnswerWish): Uint8Array {
  const { policy, from, to, dateMs, messageId, inReplyTo } = wish;
  const ids = inReplyTo === undefined ? [] : [inReplyTo];
  const keys = joinedArmor('PGP PUBLIC KEY BLOCK', policy.roster.map(({ certificate }) => certificate)); // prettier-ignore
  const bytes = Buffer.from(requireValue(keys, 'the keys of a checked roster'), 'utf8');
  const written = writeLetter(
    {
      from: { name: policy.house.name, address: from },
      to: [{ name: '', address: to }],
      cc: [],
      bcc: [],
      subject: `${answerWords.de.subject} / ${answerWords.en.subject}`,
      dateMs,
      messageId,
      inReplyTo: ids,
      references: ids,
    },
    {
      plainText: `${answerText(wish, 'de')}\n\n---\n\n${answerText(wish, 'en')}\n`,
      plainHtml: undefined,
      files: [{ name: KEYS_FILE, mediaType: 'application/pgp-keys', bytes, contentId: undefined }],
    },
    {
      boundarySeed: messageId.replaceAll(/[^a-zA-Z0-9]/g, '').slice(0, 24),
      isProtected: false,
      autocrypt: undefined,
      outerFields: [],
    },
  );
  if (!written.ok) throw new Error('an address of an answer is none');
  return Buffer.concat([Buffer.from(textField('Auto-Submitted', 'auto-replied')), written.value.plainBytes]);
}

/** Paragraphs with an empty line between. */
export function answerText({ policy, channel, said, today, from, origin }: AnswerWish, language: Language): string {
  const words = answerWords[language];
  const norm = policy.norms.find(({ id }) => id === said.norm);
  const ways = waysOpenForAll(policy, today);
  const page = `${origin}/authorities`;
  return [
    words.greeting,
    words.arrived,
    [
      words.came[channel],
      words.way(said.why?.[language] ?? ''),
      ...(norm === undefined ? [] : [words.norm(citeOf(norm, language))]),
    ].join(' '),
    ways.length === 0
      ? words.noWay
      : [words.open, ...ways.map((way) => `- ${letterWords[language].ways[way](from)}`)].join('\n'),
    words.keys(KEYS_FILE, page),
    ...(ways.includes('WEB') ? [words.form(page)] : []),
    words.person,
    words.emergency,
    words.others,
    words.silence,
    letterWords[language].closing,
    `${policy.house.name}\n${from}`,
  ].join('\n\n');
}
