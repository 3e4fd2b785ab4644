// What came of a job: before and after of each document, the sizes, what to check, the files, report and receipt, and that all is erased.

import { useState } from 'preact/hooks';
import { limits } from '#base/limits.ts';
import type { FileFacts } from '#formats/transit-wire/drop-frames.ts';
import { BeforeAfter } from '../parts/before-after.tsx';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { SealMark } from '../parts/seal-mark.tsx';
import { sizeText, type Language } from '../words/dates.ts';
import { exactTime } from '../words/exact-time.ts';
import type { TransitWords } from '../words/transit-en.ts';
import { sumOf, type JobResults } from './job-model.ts';
import { ReceiptView } from './receipt-view.tsx';
import { ReportView } from './report-view.tsx';
import { saveFiles } from './save-files.ts';

export interface OutcomeProps {
  readonly words: TransitWords;
  readonly language: Language;
  readonly results: JobResults;
  readonly onClear: () => void;
}

type Opened = 'report' | 'receipt' | undefined;

export function JobOutcome(of: OutcomeProps) {
  const { words, language, results } = of;
  const { report, receipt, files } = results;
  const [shown, setShown] = useState(0);
  const [opened, setOpened] = useState<Opened>(undefined);
  if (!report) return null;
  const [only] = report.files;
  const preview = <Preview words={words} results={results} at={shown} />;
  const toggle = (which: Opened): void => setOpened(opened === which ? undefined : which);
  return (
    <article class="job job-done" aria-label={report.files.map((file) => file.newName).join(', ')}>
      <div class={results.previews.has(shown) ? 'outcome outcome-pictured' : 'outcome'}>
        {preview}
        <div class="outcome-says" role="status">
          <Sizes words={words} language={language} report={report} />
          {report.files.length === 1 && only ? (
            <KeptWhy words={words} file={only} />
          ) : (
            <FileList {...of} shown={shown} onShow={setShown} />
          )}
          <div class="outcome-buttons">
            <Button kind="primary" onPress={() => saveFiles(files, 'siegel.zip')}>
              <Icon name="download" />
              {files.length > 1 ? words.downloadAll : words.download}
            </Button>
            <Toggle word={words.report} isOpen={opened === 'report'} onPress={() => toggle('report')} />
            {receipt ? (
              <Toggle word={words.receipt} isOpen={opened === 'receipt'} onPress={() => toggle('receipt')} />
            ) : null}
          </div>
          {receipt ? (
            <p class="erased">
              <SealMark shape="checked" size={20} />
              {words.erased(
                exactTime(language, receipt.facts.erasedMs),
                receipt.facts.objectsCreated - receipt.facts.objectsErased,
              )}
            </p>
          ) : null}
        </div>
      </div>
      {opened === 'report' ? (
        <ReportView words={words} language={language} report={report} papers={results.papers} />
      ) : null}
      {opened === 'receipt' ? <ReceiptView words={words} language={language} results={results} /> : null}
      <div class="job-foot">
        <Button kind="plain" onPress={of.onClear}>
          {words.clear}
        </Button>
      </div>
    </article>
  );
}

function Toggle(of: { readonly word: string; readonly isOpen: boolean; readonly onPress: () => void }) {
  return (
    <button type="button" class="button button-outline" aria-expanded={of.isOpen} onClick={of.onPress}>
      {of.word}
    </button>
  );
}

function Preview({ words, results, at }: Pick<OutcomeProps, 'words' | 'results'> & { readonly at: number }) {
  const { before, after } = results.previews.get(at) ?? {};
  if (!before || !after) return null;
  return <PicturePair key={at} words={words} before={before} after={after} />;
}

/** The blobs are made once: a new one would be loaded anew at every drawing. */
function PicturePair(of: {
  readonly words: TransitWords;
  readonly before: Uint8Array<ArrayBuffer>;
  readonly after: Uint8Array<ArrayBuffer>;
}) {
  const [pair] = useState(() => ({ before: new Blob([of.before]), after: new Blob([of.after]) }));
  return <BeforeAfter words={of.words} before={pair.before} after={pair.after} />;
}

function Sizes(of: Pick<OutcomeProps, 'words' | 'language'> & { readonly report: NonNullable<JobResults['report']> }) {
  const { words, language } = of;
  const sum = sumOf(of.report, limits.transit.confidenceSure);
  const isSame = sum.before === sum.after && sum.pages === 0;
  return (
    <div>
      <p class="sizes">
        {isSame
          ? words.asItWas
          : words.sizes(sizeText(language, sum.before), sizeText(language, sum.after)).replaceAll(/(\d) /g, '$1\u00A0')}
      </p>
      {sum.pages > 0 ? (
        <p>
          {words.pages(sum.pages)} {sum.toCheck > 0 ? <strong>{words.check(sum.toCheck)}</strong> : null}
        </p>
      ) : null}
    </div>
  );
}

function KeptWhy({ words, file }: { readonly words: TransitWords; readonly file: FileFacts }) {
  return file.kept ? <p>{words.keptBecause(words.kept[file.kept])}</p> : null;
}

function FileList(of: OutcomeProps & { readonly shown: number; readonly onShow: (at: number) => void }) {
  const { words, language, results } = of;
  return (
    <ul class="file-list">
      {results.report?.files.map((file, at) => {
        const given = results.files.filter(({ report }) => report === at);
        const hasPicture = results.previews.has(at);
        return (
          <li key={at} class="file-line" data-shown={at === of.shown && hasPicture ? '' : undefined}>
            {hasPicture ? (
              <button
                type="button"
                class="file-name"
                aria-pressed={at === of.shown}
                aria-label={`${words.slider}: ${file.newName}`}
                onClick={() => of.onShow(at)}
              >
                {file.newName}
              </button>
            ) : (
              <span class="file-name">{file.newName}</span>
            )}
            <span class="meta">
              {file.kept
                ? words.asItWas
                : words.sizes(sizeText(language, file.bytesBefore), sizeText(language, file.bytesAfter))}
            </span>
            {/* further documents of one file have none of their own */}
            {given.length === 0 ? null : (
              <button
                type="button"
                class="icon-button"
                aria-label={words.downloadOne(file.newName)}
                title={words.downloadOne(file.newName)}
                onClick={() => saveFiles(given.slice(0, 1), '')}
              >
                <Icon name="download" />
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
