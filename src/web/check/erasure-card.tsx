// The card of a checked erasure: what became of the documents of one answer, who says so, and for which of them it holds.

import { SealMark } from '../parts/seal-mark.tsx';
import { receiptTime } from '../parts/receipt-time.ts';
import type { CheckWords } from '../words/check-en.ts';
import type { Language } from '../words/dates.ts';
import type { ErasureJudgement } from './judge-erasure.ts';

export interface ErasureCardProps {
  readonly words: CheckWords;
  readonly language: Language;
  readonly judgement: ErasureJudgement;
  /** Name of the file it came from. */
  readonly name: string;
}

export function ErasureCard({ words, language, judgement, name }: ErasureCardProps) {
  const { erasure: said } = words;
  const isGood = judgement.kind === 'house';
  return (
    <article class="receipt" data-needs-you={!isGood}>
      <div class="receipt-head">
        <SealMark shape={isGood ? 'checked' : 'needs-you'} size={24} />
        <div class="receipt-says">
          <p class="receipt-title">
            {said.titles[judgement.kind]}
            {name ? <span class="meta"> · {name}</span> : null}
          </p>
          {judgement.kind === 'refused' ? (
            <p>
              {said.faults[judgement.why]}
              {judgement.why === 'elsewhere' && judgement.url ? <span class="mono"> {judgement.url}</span> : null}
            </p>
          ) : (
            <p>{said.says(judgement.erasure.facts.saltedHashes.length, judgement.documents)}</p>
          )}
        </div>
      </div>
      {judgement.kind === 'refused' ? null : <Facts words={words} language={language} erasure={judgement.erasure} />}
    </article>
  );
}

function Facts(
  of: Pick<ErasureCardProps, 'words' | 'language'> & {
    readonly erasure: Exclude<ErasureJudgement, { kind: 'refused' }>['erasure'];
  },
) {
  const { words, language } = of;
  const { erasure: said, receipt } = words;
  const { facts, fingerprint } = of.erasure;
  const number = (value: number): string => value.toLocaleString(language);
  return (
    <>
      <p class="meta receipt-note">{said.means}</p>
      <dl class="receipt-facts">
        <dt>{receipt.fact('receivedMs')}</dt>
        <dd>{receiptTime(language, facts.receivedMs)}</dd>
        <dt>{receipt.fact('returnedMs')}</dt>
        <dd>{facts.returnedMs === undefined ? said.toNobody : receiptTime(language, facts.returnedMs)}</dd>
        <dt>{receipt.fact('erasedMs')}</dt>
        <dd>{receiptTime(language, facts.erasedMs)}</dd>
        <dt>{receipt.fact('objectsErased')}</dt>
        <dd>{said.objects(number(facts.objectsErased), number(facts.objectsCreated))}</dd>
        {facts.accepted.length > 0 ? (
          <>
            <dt>{receipt.fact('accepted')}</dt>
            <dd>{facts.accepted.join(', ')}</dd>
          </>
        ) : null}
        <dt>{receipt.fact('job')}</dt>
        <dd class="mono">{facts.job}</dd>
        <dt>{receipt.key}</dt>
        <dd class="mono">{fingerprint}</dd>
      </dl>
    </>
  );
}
