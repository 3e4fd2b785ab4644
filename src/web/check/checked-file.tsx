// A receipt as the server gave it: checked here, shown as a card with a way to save it; or why there is none, in a sentence.

import { useEffect, useState } from 'preact/hooks';
import { unreachable } from '#base/assert.ts';
import type { LetterId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import { saveBytes } from '../parts/save-bytes.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Receipt } from '../parts/receipt.tsx';
import { useLanguage } from '../parts/speech.tsx';
import { timeOfDay, type Language } from '../words/dates.ts';
import type { ReceiptWords } from '../words/receipt-en.ts';
import type { AskRefusal } from './ask-receipts.ts';
import { askHouseKey } from './house-key.ts';
import { judgeReceipt, type Judgement } from './judge-receipt.ts';
import { useReceiptWords } from './receipt-words.ts';

export interface CheckedFileProps {
  /** Undefined: not answered yet. */
  readonly asked: Result<Uint8Array<ArrayBuffer>, AskRefusal> | undefined;
  readonly reach: typeof fetch;
  readonly fileName: string;
  /** The letter it must speak of. */
  readonly letterId?: LetterId;
}

export function CheckedFile(of: CheckedFileProps) {
  const words = useReceiptWords();
  const language = useLanguage();
  const [judgement, setJudgement] = useState<Judgement | undefined>(undefined);
  const { asked, reach } = of;
  useEffect(() => {
    setJudgement(undefined);
    if (asked?.ok) void askHouseKey(reach).then((house) => judgeReceipt(asked.value, house).then(setJudgement));
  }, [asked]);
  if (!words || !asked) return <div class="receipt-place" aria-busy="true" />;
  if (!asked.ok) return <Sentence text={explain(asked.error, words, language)} />;
  if (!judgement) return <div class="receipt-place" aria-busy="true" />;
  if (!speaksOf(judgement, of.letterId)) return <Sentence text={words.otherLetter} />;
  return (
    <Receipt words={words} language={language} judgement={judgement}>
      <Button kind="outline" onPress={() => saveBytes(of.fileName, asked.value)}>
        <Icon name="download" />
        {words.save}
      </Button>
    </Receipt>
  );
}

function Sentence({ text }: { readonly text: string }) {
  return (
    <p class="receipt-place" role="status">
      {text}
    </p>
  );
}

/** A true receipt of another letter proves nothing about this one. */
function speaksOf(judgement: Judgement, letterId: LetterId | undefined): boolean {
  if (letterId === undefined || judgement.kind === 'refused') return true;
  const { kind, facts } = judgement.checked.receipt;
  return kind === 'letter-sealed' && facts['letter'] === letterId;
}

export function explain(refusal: AskRefusal, words: ReceiptWords, language: Language): string {
  switch (refusal.kind) {
    case 'waiting':
      return words.notYet(timeOfDay(language, refusal.closesMs));
    case 'altered':
      return words.altered;
    case 'gone':
      return words.gone;
    case 'no-connection':
      return words.noConnection;
    case 'signed-out':
    case 'server-unavailable':
      return words.unavailable;
    default:
      return unreachable(refusal);
  }
}
