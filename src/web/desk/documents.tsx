// What lies in a case file, opened: a letter is shown as text with its files, the form's own text too; everything can be saved.

import type { PlainDocument, PlainLetter } from '../desk-work.ts';
import { Button } from '../parts/button.tsx';
import { saveBytes } from '../parts/save-bytes.ts';
import { useLanguage } from '../parts/speech.tsx';
import { momentWords } from './day-words.ts';
import { useDeskWords } from './use-desk-words.ts';

/** Of the form's text, as much as it can hold. */
const SHOWN_BYTES = 64 * 1024;

/** List items. */
export function Documents({ documents }: { readonly documents: readonly PlainDocument[] }) {
  return (
    <>
      {documents.map((one, at) => (
        <li key={at}>
          {one.letter === undefined ? null : <Letter letter={one.letter} />}
          {one.name === 'form.txt' && one.bytes.length <= SHOWN_BYTES ? (
            <pre class="desk-plain">{new TextDecoder().decode(one.bytes)}</pre>
          ) : null}
          <File file={one} />
        </li>
      ))}
    </>
  );
}

function Letter({ letter }: { readonly letter: PlainLetter }) {
  const { mail: words } = useDeskWords();
  const language = useLanguage();
  const { from, subject, dateMs, origin, seal, text, files } = letter;
  return (
    <article class="desk-letter">
      <dl class="desk-facts">
        <div>
          <dt>{words.from}</dt>
          <dd>
            {from === '' ? words.nobody : from}
            <br />
            <span class="meta">{words.origins[origin]}</span>
          </dd>
        </div>
        <div>
          <dt>{words.subject}</dt>
          <dd>{subject === '' ? words.noSubject : subject}</dd>
        </div>
        {dateMs === undefined ? null : (
          <div>
            <dt>{words.date}</dt>
            <dd>{momentWords(language, dateMs)}</dd>
          </div>
        )}
      </dl>
      <p class="meta">{words.seals[seal]}</p>
      {text === '' ? null : <pre class="desk-plain">{text}</pre>}
      {files.length === 0 ? null : (
        <ul class="desk-case">
          {files.map((file, at) => (
            <li key={at}>
              <File file={file} />
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

function File({ file: { name, bytes } }: { readonly file: PlainDocument }) {
  const words = useDeskWords();
  return (
    <>
      {name}{' '}
      <Button kind="link" onPress={() => saveBytes(name, bytes)}>
        {words.caseFile.save}
      </Button>
    </>
  );
}
