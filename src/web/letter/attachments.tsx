// Attachments: one press saves the file; it never leaves this browser, its address is a blob of this page.

import type { Attachment } from '../backend.ts';
import { Icon } from '../parts/icon.tsx';
import { saveBytes } from '../parts/save-bytes.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { sizeText } from '../words/dates.ts';
import { safeFileName } from './safe-name.ts';

export function Attachments({ files }: { readonly files: readonly Attachment[] }) {
  const words = useWords();
  const language = useLanguage();
  if (files.length === 0) return null;
  return (
    <section class="attachments" aria-label={words.letter.attachments}>
      {files.map((file, index) => (
        <button
          key={index}
          type="button"
          class="attachment"
          title={words.letter.saveFile(safeFileName(file.name))}
          onClick={() => saveBytes(file.name, file.bytes)}
        >
          <Icon name="file-text" />
          <span class="attachment-name">{safeFileName(file.name)}</span>
          <span class="attachment-size">{sizeText(language, file.sizeBytes)}</span>
          <Icon name="download" />
        </button>
      ))}
    </section>
  );
}
