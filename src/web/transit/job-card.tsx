// A job: where its documents are, or what came of it.

import { unreachable } from '#base/assert.ts';
import { limits } from '#base/limits.ts';
import { Button } from '../parts/button.tsx';
import { SealMark } from '../parts/seal-mark.tsx';
import { sizeText, type Language } from '../words/dates.ts';
import type { TransitWords } from '../words/transit-en.ts';
import { JobOutcome } from './job-outcome.tsx';
import { isUnderWay, shareOf, type DocProgress, type Job } from './job-model.ts';

export interface JobCardProps {
  readonly words: TransitWords;
  readonly language: Language;
  readonly job: Job;
  readonly onStop: () => void;
  readonly onClear: () => void;
}

export function JobCard(of: JobCardProps) {
  const { words, language, job } = of;
  const name = job.files.map((file) => file.name).join(', ');
  if (job.phase.kind === 'done') return <JobOutcome {...of} results={job.results} />;
  return (
    <article class="job" aria-label={name}>
      {isUnderWay(job) ? (
        <>
          <Documents words={words} language={language} job={job} />
          <div class="job-foot">
            <Button kind="outline" onPress={of.onStop}>
              {words.stop}
            </Button>
          </div>
        </>
      ) : (
        <div class="job-ended" role="alert">
          <SealMark shape={job.phase.kind === 'stopped' ? 'open' : 'needs-you'} size={24} />
          <p>
            {endSentence(of)} <span class="meta">{name}</span>
          </p>
          <Button kind="plain" onPress={of.onClear}>
            {words.clear}
          </Button>
        </div>
      )}
    </article>
  );
}

function endSentence({ words, language, job: { phase } }: JobCardProps): string {
  switch (phase.kind) {
    case 'refused':
      return words.refused[phase.why];
    case 'stopped':
      return words.stopped;
    case 'notTaken':
      return words.notTaken;
    case 'signedOut':
      return words.signIn;
    case 'tooLarge':
      return words.tooLarge(sizeText(language, limits.transit.letterBytes));
    case 'broken':
    case 'sending':
    case 'waiting':
    case 'working':
    case 'returning':
    case 'done':
      return words.broken;
    default:
      return unreachable(phase);
  }
}

function Documents({ words, language, job }: Pick<JobCardProps, 'words' | 'language' | 'job'>) {
  const size = job.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const known: readonly (DocProgress | { readonly name: string })[] = job.docs.length > 0 ? job.docs : job.files;
  return (
    <ul class="job-docs">
      {known.map((doc) => (
        <li key={doc.name} class="job-doc">
          <SealMark shape="expires" size={20} left={'step' in doc ? Math.max(0.03, shareOf(doc)) : 0.03} />
          <span class="job-doc-name">{doc.name}</span>
          <span class="job-doc-step">
            {'step' in doc ? docStep(words, doc) : waitingStep(words, language, job, size)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function waitingStep(words: TransitWords, language: Language, { phase }: Job, size: number): string {
  if (phase.kind === 'sending') return words.sending(sizeText(language, size));
  return phase.kind === 'waiting' ? words.waiting : words.handingBack;
}

export function docStep(words: TransitWords, { step, page, pages }: DocProgress): string {
  const where = step === 'page' && pages > 0 ? `${words.pageOf(Math.min(page + 1, pages), pages)} · ` : '';
  return `${where}${words.doing[step]}`;
}
