// Receipt: the card of a checked receipt: mark, what it says, when, hash and key to compare, and what can be done with it.

import type { ComponentChildren } from 'preact';
import type { Fact } from '#vault/book/check/receipt.ts';
import type { Comparison, Judgement, SignedReceipt } from '../check/judge-receipt.ts';
import type { Language } from '../words/dates.ts';
import type { ReceiptWords } from '../words/receipt-en.ts';
import { receiptTime } from './receipt-time.ts';
import { SealMark } from './seal-mark.tsx';

export interface ReceiptProps {
  readonly words: ReceiptWords;
  readonly language: Language;
  readonly judgement: Judgement;
  readonly comparison?: Comparison | undefined;
  /** Name of the file it came from. */
  readonly name?: string | undefined;
  /** Buttons below. */
  readonly children?: ComponentChildren;
}

export function Receipt(of: ReceiptProps) {
  const { words, judgement, comparison } = of;
  const isRewritten = comparison?.kind === 'refused' && !words.harmless.includes(comparison.why);
  const isGood = judgement.kind === 'house' && !isRewritten;
  const title = isRewritten ? words.forged : titleOf(judgement, words);
  return (
    <article class="receipt" data-needs-you={!isGood}>
      <div class="receipt-head">
        <SealMark shape={isGood ? 'checked' : 'needs-you'} size={24} />
        <div class="receipt-says">
          <p class="receipt-title">
            {title}
            {of.name ? <span class="meta"> · {of.name}</span> : null}
          </p>
          <p>{sentenceOf(judgement, words)}</p>
        </div>
      </div>
      {judgement.kind === 'refused' ? null : <Facts {...of} signed={judgement} />}
      {comparison ? <Compared {...of} comparison={comparison} /> : null}
      {of.children ? <div class="receipt-foot">{of.children}</div> : null}
    </article>
  );
}

function titleOf(judgement: Judgement, words: ReceiptWords): string {
  if (judgement.kind === 'refused') return words.harmless.includes(judgement.why) ? words.notReadable : words.forged;
  return { house: words.good, unknown: words.keyUnknown, other: words.otherHouse }[judgement.kind];
}

function sentenceOf(judgement: Judgement, words: ReceiptWords): string {
  if (judgement.kind === 'refused') return words.reasons[judgement.why];
  const { kind, facts } = judgement.checked.receipt;
  return words.says(kind, facts);
}

function Facts({ words, language, signed }: ReceiptProps & { readonly signed: SignedReceipt }) {
  const { checked, leaf, fingerprint, kind } = signed;
  const { receipt } = checked;
  const why = { house: words.goodWhy, unknown: words.keyUnknownWhy, other: words.otherHouseWhy }[kind];
  const whose = { house: words.keyOwn, unknown: words.keyAsk, other: words.keyOther }[kind];
  return (
    <>
      <p class="meta receipt-note">{why}</p>
      <dl class="receipt-facts">
        <dt>{words.time}</dt>
        <dd>{receiptTime(language, receipt.timeMs)}</dd>
        {Object.entries(receipt.facts).flatMap(([name, fact]) => [
          <dt key={`${name}-name`}>{words.fact(name)}</dt>,
          <dd key={name} class={isMono(fact) ? 'mono' : ''}>
            {factText({ words, language }, name, fact)}
          </dd>,
        ])}
        <dt>{words.place}</dt>
        <dd>{placeText(signed, words, language)}</dd>
        <dt>{words.hash}</dt>
        <dd class="mono">{leaf}</dd>
        <dt>{words.key}</dt>
        <dd>
          <span class="mono">{fingerprint}</span>
          <br />
          <span class="meta">{whose}</span>
        </dd>
      </dl>
    </>
  );
}

function Compared({ words, language, comparison }: ReceiptProps & { readonly comparison: Comparison }) {
  const number = (value: number): string => value.toLocaleString(language);
  const text =
    comparison.kind === 'one-book'
      ? words.compared(receiptTime(language, comparison.with.timeMs))
      : comparison.kind === 'needs-proof'
        ? words.needsProof(number(comparison.from), number(comparison.to))
        : words.reasons[comparison.why];
  return <p class="receipt-note">{text}</p>;
}

function placeText({ checked }: SignedReceipt, words: ReceiptWords, language: Language): string {
  const { head, entry, lettersInEntry } = checked;
  if (head === undefined || entry === undefined) return words.placeNone;
  const number = (value: number): string => value.toLocaleString(language);
  const place = words.placeIn(number(entry + 1), number(head.size), receiptTime(language, head.timeMs));
  return lettersInEntry === undefined ? place : `${place}, ${words.placeWith(lettersInEntry)}`;
}

/** Hashes, ids and fingerprints: long words without a space. */
function isMono(fact: Fact): boolean {
  return typeof fact === 'string' && /^[\w-]{16,}$/.test(fact);
}

function factText({ words, language }: Pick<ReceiptProps, 'words' | 'language'>, name: string, fact: Fact): string {
  if (typeof fact === 'boolean') return fact ? words.yes : words.no;
  if (typeof fact === 'number')
    return name.endsWith('Ms') ? receiptTime(language, fact) : fact.toLocaleString(language);
  if (fact === null) return '–';
  return name === 'fingerprint' ? (fact.match(/.{1,4}/g)?.join(' ') ?? fact) : fact;
}
