// The receipt of one letter, asked for and checked when the person wants it: loaded then, drawn below the provenance panel's buttons.

import { useEffect, useState } from 'preact/hooks';
import type { LetterId } from '#base/ids.ts';
import { askLetterReceipt } from './ask-receipts.ts';
import { CheckedFile } from './checked-file.tsx';

const reach: typeof fetch = (input, init) => fetch(input, init);

export function LetterReceipt({ letterId }: { readonly letterId: LetterId }) {
  const [asked, setAsked] = useState<Awaited<ReturnType<typeof askLetterReceipt>> | undefined>(undefined);
  useEffect(() => {
    setAsked(undefined);
    void askLetterReceipt(reach, letterId).then(setAsked);
  }, [letterId]);
  return <CheckedFile asked={asked} reach={reach} fileName={`receipt-${letterId}.json`} letterId={letterId} />;
}
