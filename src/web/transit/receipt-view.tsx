// The deletion receipt of a job: its mark, what it says, when, and the file to keep.

import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { receiptTime } from '../parts/receipt-time.ts';
import { saveBytes } from '../parts/save-bytes.ts';
import { SealMark } from '../parts/seal-mark.tsx';
import type { Language } from '../words/dates.ts';
import type { TransitWords } from '../words/transit-en.ts';
import type { JobResults } from './job-model.ts';

export function ReceiptView(of: {
  readonly words: TransitWords;
  readonly language: Language;
  readonly results: JobResults;
}) {
  const { words, language } = of;
  const { receipt, receiptFile } = of.results;
  if (!receipt || !receiptFile) return null;
  const { facts, key } = receipt;
  const isGood = facts.objectsCreated === facts.objectsErased && facts.isKeyDestroyed;
  const number = (value: number): string => value.toLocaleString(language);
  const names = words.receiptFacts;
  return (
    <article class="receipt" data-needs-you={!isGood}>
      <div class="receipt-head">
        <SealMark shape={isGood ? 'checked' : 'needs-you'} size={24} />
        <div class="receipt-says">
          <p class="receipt-title">{words.receipt}</p>
          {isGood ? <p>{words.receiptSays}</p> : null}
        </div>
      </div>
      <dl class="receipt-facts">
        <dt>{names.receivedMs}</dt>
        <dd>{receiptTime(language, facts.receivedMs)}</dd>
        <dt>{names.erasedMs}</dt>
        <dd>{receiptTime(language, facts.erasedMs)}</dd>
        <dt>{names.objects}</dt>
        <dd>{words.of(number(facts.objectsErased), number(facts.objectsCreated))}</dd>
        <dt>{names.key}</dt>
        <dd>{facts.isKeyDestroyed ? words.destroyed : words.notDestroyed}</dd>
        <dt>{names.job}</dt>
        <dd class="mono">{facts.job}</dd>
        <dt>{names.signer}</dt>
        <dd class="mono">{key}</dd>
      </dl>
      <p class="meta receipt-note">{words.receiptMeans}</p>
      <div class="receipt-foot">
        <Button kind="outline" onPress={() => saveBytes(`siegel-${facts.job}.json`, receiptFile)}>
          <Icon name="download" />
          {words.receiptSave}
        </Button>
        <a class="button button-plain" href={`/transit/self-check?lang=${language}`} target="_blank" rel="noopener">
          {words.selfCheck}
        </a>
      </div>
    </article>
  );
}
