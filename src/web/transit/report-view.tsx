// The report of a job as a person reads it: per document what was done to each page, what to look at, the criteria, the hashes.

import { limits } from '#base/limits.ts';
import type { FileFacts, JobFacts, PageFacts } from '#formats/transit-wire/drop-frames.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { saveBytes } from '../parts/save-bytes.ts';
import { sizeText, type Language } from '../words/dates.ts';
import type { TransitWords } from '../words/transit-en.ts';
import type { Paper } from './job-model.ts';

interface Spoken {
  readonly words: TransitWords;
  readonly language: Language;
}

export function ReportView(of: Spoken & { readonly report: JobFacts; readonly papers: readonly Paper[] }) {
  const { words, language, report, papers } = of;
  return (
    <div class="job-report">
      {report.files.map((file, at) => (
        <FileReport key={at} words={words} language={language} file={file} />
      ))}
      <div class="receipt-foot">
        {papers.map(({ name, bytes }) => (
          <Button key={name} kind="outline" onPress={() => saveBytes(name, bytes)}>
            <Icon name="download" />
            {name}
          </Button>
        ))}
        <span class="meta">
          {words.took((report.tookMs / 1_000).toLocaleString(language, { maximumFractionDigits: 1 }))}
        </span>
      </div>
    </div>
  );
}

function FileReport({ words, language, file }: Spoken & { readonly file: FileFacts }) {
  const met = file.criteria.filter(({ isMet }) => isMet).length;
  const isUnmet = met < file.criteria.length;
  return (
    <section class="file-report">
      <h2 class="file-report-name">{file.newName}</h2>
      <p class="meta">
        {file.oldName === file.newName ? null : `${[...file.foundIn, file.oldName].join(' › ')} · `}
        {words.sizes(sizeText(language, file.bytesBefore), sizeText(language, file.bytesAfter))}
      </p>
      {file.kept ? <p>{words.keptBecause(words.kept[file.kept])}</p> : null}
      {file.beside ? <p>{words.beside[file.beside]}</p> : null}
      {file.conversion ? <p>{conversionText(words, language, file.conversion)}</p> : null}
      {file.pages.length > 0 ? (
        <ol class="page-list">
          {file.pages.map((page, at) => (
            <PageLine key={at} words={words} language={language} page={page} number={at + 1} />
          ))}
        </ol>
      ) : null}
      {file.criteria.length > 0 ? (
        <details open={isUnmet}>
          <summary>{words.criteria(met, file.criteria.length)}</summary>
          <ul class="criteria">
            {file.criteria.map(({ name, isMet, seen }) => (
              <li key={name} class={isMet ? '' : 'criterion-unmet'}>
                <Icon name={isMet ? 'check' : 'triangle-alert'} />
                <span>
                  {words.criterion(name)}
                  <span class="unseen">{isMet ? words.met : words.notMet}</span>
                  <span class="meta"> {seen}</span>
                </span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <details>
        <summary>{words.digests}</summary>
        <p class="mono digest">{file.digestBefore}</p>
        <p class="mono digest">{file.digestAfter}</p>
      </details>
    </section>
  );
}

function conversionText(
  words: TransitWords,
  language: Language,
  { pdfBytes, macrosRemoved, referencesRemoved }: NonNullable<FileFacts['conversion']>,
): string {
  return [
    words.converted(sizeText(language, pdfBytes)),
    ...(macrosRemoved === 0 ? [] : [words.macrosRemoved(macrosRemoved)]),
    ...(referencesRemoved === 0 ? [] : [words.referencesRemoved(referencesRemoved)]),
  ].join(' ');
}

function PageLine(of: Spoken & { readonly page: PageFacts; readonly number: number }) {
  const { words, page } = of;
  const { confidence } = page;
  const isToCheck = confidence !== undefined && confidence < limits.transit.confidenceSure;
  return (
    <li class={isToCheck ? 'page-to-check' : ''}>
      <span class="page-number">{words.pageLine(of.number)}</span>
      <span>
        {doneTo(of).join(', ')}
        {confidence === undefined ? '' : `, ${words.read(Math.round(confidence))}`}
        {isToCheck ? <strong>, {words.pleaseCheck}</strong> : null}
      </span>
    </li>
  );
}

function doneTo({ words, language, page }: Spoken & { readonly page: PageFacts }): readonly string[] {
  const { steps } = page;
  const said = words.steps;
  if (!steps) return [said.asItWas];
  const skew = Math.abs(steps.skewDegrees);
  return [
    said[steps.source],
    ...(steps.isCropped ? [said.cropped] : []),
    ...(steps.turnedDegrees === 0 ? [] : [said.turned(steps.turnedDegrees)]),
    ...(skew < 0.05 ? [] : [said.straightened(skew.toLocaleString(language, { maximumFractionDigits: 1 }))]),
    ...(steps.isLightEvened ? [said.light] : []),
  ];
}
