// Attachments of the letter being written: name, size, a ring while they are read, a way to remove; their sum said in words when it is too much.

import { safeFileName } from '../letter/safe-name.ts';
import { Icon } from '../parts/icon.tsx';
import { SealMark } from '../parts/seal-mark.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { sizeText } from '../words/dates.ts';
import { filesBytes, filesBytesMax, isTooLarge, type ComposeFile } from './compose-state.ts';

export function FileChips(of: { readonly files: readonly ComposeFile[]; readonly onRemove: (key: number) => void }) {
  const words = useWords();
  const language = useLanguage();
  if (of.files.length === 0) return null;
  return (
    <div class="compose-files">
      <ul class="file-chips" aria-label={words.compose.attachments}>
        {of.files.map((file) => {
          const name = safeFileName(file.name);
          return (
            <li key={file.key} class="file-chip">
              {file.bytes ? (
                <Icon name="file-text" />
              ) : (
                <SealMark shape="expires" size={16} left={file.readShare} label={words.compose.readingFile(name)} />
              )}
              <span class="file-name">{name}</span>
              <span class="file-size">{sizeText(language, file.sizeBytes)}</span>
              <button
                type="button"
                class="recipient-remove"
                aria-label={words.compose.removeFile(name)}
                onClick={() => of.onRemove(file.key)}
              >
                <Icon name="x" />
              </button>
            </li>
          );
        })}
      </ul>
      {isTooLarge(of.files) ? (
        <p class="note note-warn" role="alert">
          <Icon name="triangle-alert" />
          <span class="note-text">
            {words.compose.filesTooLarge(sizeText(language, filesBytes(of.files)), sizeText(language, filesBytesMax))}
          </span>
        </p>
      ) : null}
    </div>
  );
}
