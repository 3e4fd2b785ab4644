// Receipts: what the house promised this account, newest first; each can be checked here and saved.

import { useEffect, useState } from 'preact/hooks';
import { askReceipt, askReceipts, type AskRefusal, type ReceiptRow } from '../check/ask-receipts.ts';
import { CheckedFile, explain } from '../check/checked-file.tsx';
import { useReceiptWords } from '../check/receipt-words.ts';
import { Button } from '../parts/button.tsx';
import { receiptTime } from '../parts/receipt-time.ts';
import { useLanguage } from '../parts/speech.tsx';
import type { ReceiptWords } from '../words/receipt-en.ts';
import { Block } from './block.tsx';

const reach: typeof fetch = (input, init) => fetch(input, init);

function Row({ row, words }: { readonly row: ReceiptRow; readonly words: ReceiptWords }) {
  const language = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState<Awaited<ReturnType<typeof askReceipt>> | undefined>(undefined);
  const check = (): void => {
    setOpen(!isOpen);
    setAsked(undefined);
    if (!isOpen) void askReceipt(reach, row.id).then(setAsked);
  };
  return (
    <li class="receipt-row">
      <div class="receipt-line">
        <div>
          <p>{words.says(row.kind, row.facts)}</p>
          <p class="meta">{receiptTime(language, row.timeMs)}</p>
        </div>
        <Button kind="outline" onPress={check}>
          {isOpen ? words.fold : words.check}
        </Button>
      </div>
      {isOpen ? <CheckedFile asked={asked} reach={reach} fileName={`receipt-${row.kind}-${row.id}.json`} /> : null}
    </li>
  );
}

export function ReceiptsBlock() {
  const words = useReceiptWords();
  const language = useLanguage();
  const [rows, setRows] = useState<readonly ReceiptRow[] | undefined>(undefined);
  const [next, setNext] = useState<string | undefined>(undefined);
  const [refusal, setRefusal] = useState<AskRefusal | undefined>(undefined);
  const read = async (before: string | undefined): Promise<void> => {
    const found = await askReceipts(reach, before);
    setRefusal(found.ok ? undefined : found.error);
    if (!found.ok) return;
    setRows([...(before === undefined ? [] : (rows ?? [])), ...found.value.receipts]);
    setNext(found.value.next);
  };
  useEffect(() => void read(undefined), []);
  if (!words) return null;
  return (
    <Block title={words.listTitle} text={rows?.length === 0 ? words.listNone : words.listLead}>
      {refusal ? <p role="status">{explain(refusal, words, language)}</p> : null}
      <ul class="receipt-list">
        {rows?.map((row) => (
          <Row key={row.id} row={row} words={words} />
        ))}
      </ul>
      {next === undefined ? null : (
        <Button kind="plain" onPress={() => void read(next)}>
          {words.listMore}
        </Button>
      )}
    </Block>
  );
}
