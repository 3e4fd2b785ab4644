// The original: the letter byte for byte as text, and a way to keep it.

import { useMemo } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { sizeText } from '../words/dates.ts';
import { saveBytes } from '../parts/save-bytes.ts';

const SHOWN_BYTES_MAX = 256_000;

export function Original(of: {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly subject: string;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const language = useLanguage();
  const text = useMemo(() => new TextDecoder().decode(of.bytes.subarray(0, SHOWN_BYTES_MAX)), [of.bytes]);
  const cut = of.bytes.length > SHOWN_BYTES_MAX;
  return (
    <div class="original">
      <div class="original-actions">
        <Button kind="outline" onPress={of.onClose}>
          {words.letter.hideOriginal}
        </Button>
        <Button kind="outline" onPress={() => saveBytes(`${of.subject || 'message'}.eml`, of.bytes)}>
          {words.letter.saveOriginal}
        </Button>
      </div>
      {cut ? (
        <p class="meta">
          {words.letter.originalCut(sizeText(language, SHOWN_BYTES_MAX), sizeText(language, of.bytes.length))}
        </p>
      ) : null}
      <pre class="original-text mono" tabindex={0}>
        {text}
      </pre>
    </div>
  );
}
