// Attachments: one press saves the file; it never leaves this browser, its address is a blob of this page.

import type { Attachment } from '../backend.ts';
import { Icon } from '../parts/icon.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { sizeText } from '../words/dates.ts';
import { safeFileName } from './safe-name.ts';

const KEPT_MS = 60_000;

/** Saves bytes as a file. Always as a download of opaque bytes: nothing of a letter is ever opened as a page of ours. */
export function saveBytes(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = safeFileName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

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
