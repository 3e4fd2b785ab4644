// The words of receipts inside the mailbox: fetched when the first receipt is shown.

import { useEffect, useState } from 'preact/hooks';
import { useLanguage } from '../parts/speech.tsx';
import type { Language } from '../words/dates.ts';
import type { ReceiptWords } from '../words/receipt-en.ts';

async function fetchReceiptWords(language: Language): Promise<ReceiptWords> {
  if (language === 'de') return (await import('../words/receipt-de.ts')).receiptDe;
  return (await import('../words/receipt-en.ts')).receiptEn;
}

/** Undefined until they are here. */
export function useReceiptWords(): ReceiptWords | undefined {
  const language = useLanguage();
  const [words, setWords] = useState<ReceiptWords | undefined>(undefined);
  useEffect(() => void fetchReceiptWords(language).then(setWords), [language]);
  return words;
}
