// The desk: where documents are dropped, the picture of their way, and the jobs of this page.

import { useEffect, useRef, useState } from 'preact/hooks';
import { limits } from '#base/limits.ts';
import type { DoorAnswer } from '#formats/transit-wire/drop-frames.ts';
import { profileOfParts, type Profile, type ProfileParts } from '#formats/transit-wire/profile.ts';
import { Button } from '../parts/button.tsx';
import { DropPlace } from '../parts/drop-place.tsx';
import { Empty } from '../parts/empty.tsx';
import { useLayout } from '../parts/use-layout.ts';
import { sizeText, type Language } from '../words/dates.ts';
import type { TransitWords } from '../words/transit-en.ts';
import { fetchSample, samplePath } from './ask-door.ts';
import { Counters } from './counters.tsx';
import { docStep, JobCard } from './job-card.tsx';
import { isUnderWay, newJob, shareOf, stationsNow, takeFrame, type Job, type JobPhase } from './job-model.ts';
import { sendDrop, type DropEnd } from './send-drop.ts';
import { WayPicture } from './way-picture.tsx';
import { Wishes } from './wishes.tsx';

export interface DeskProps {
  readonly words: TransitWords;
  readonly language: Language;
  readonly reach: typeof fetch;
  readonly door: DoorAnswer;
  readonly code: string | undefined;
}

/** Said in round figures, never more than is taken. */
const TEN_MB = 10_000_000;

export function DropDesk(of: DeskProps) {
  const { words, language, door } = of;
  const [wishes, setWishes] = useState<ProfileParts>({ pages: 'balanced', isTogether: false, hasOriginals: false });
  const [complaint, setComplaint] = useState<string | undefined>(undefined);
  const { jobs, drop, stop, clear } = useJobs(of);
  const take = (files: readonly File[]): void => {
    const complained = complaintAbout(files, of);
    setComplaint(complained);
    if (complained === undefined && files.length > 0) drop(files, profileOfParts(wishes));
  };
  const size = sizeText(language, Math.floor(door.bytesMax / TEN_MB) * TEN_MB);
  return (
    <>
      <DropPlace
        class="check-drop transit-drop"
        kind="primary"
        label={words.choose}
        choose={words.choose}
        multiple
        onFiles={take}
        above={<Invitation {...of} />}
      >
        <p class="meta">{words.kinds(size, door.hasOffice)}</p>
        <div class="transit-wishes">
          <Wishes words={words} wishes={wishes} onChange={setWishes} />
          <Sample {...of} onFile={(file) => take([file])} />
        </div>
      </DropPlace>
      {complaint === undefined ? null : (
        <p class="public-warn" role="alert">
          {complaint}
        </p>
      )}
      <Way words={words} jobs={jobs} />
      <section class="jobs" aria-label={words.file}>
        {jobs.length === 0 ? <Empty drawing="tray" sentence={words.empty} /> : null}
        {jobs.map((job) => (
          <JobCard
            key={job.id}
            words={words}
            language={language}
            job={job}
            onStop={() => stop(job.id)}
            onClear={() => clear(job.id)}
          />
        ))}
      </section>
      <Counters {...of} turn={jobs.filter(isUnderWay).length} />
    </>
  );
}

function Invitation({ words, door }: DeskProps) {
  return (
    <p class="section">
      {door.address === null ? (
        words.drop
      ) : (
        <>
          {words.dropOrMail} <a href={`mailto:${door.address}`}>{door.address}</a>
        </>
      )}
    </p>
  );
}

function Sample({ words, reach, onFile }: DeskProps & { readonly onFile: (file: File) => void }) {
  const [path] = useState(samplePath);
  if (path === undefined) return null;
  const press = async (): Promise<void> => {
    const file = await fetchSample(reach, path);
    if (file) onFile(file);
  };
  return (
    <Button kind="outline" onPress={() => void press()}>
      {words.sample}
    </Button>
  );
}

function complaintAbout(files: readonly File[], { words, language, door }: DeskProps): string | undefined {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (files.length > door.filesMax) return words.tooMany(door.filesMax);
  return size > door.bytesMax ? words.tooLarge(sizeText(language, door.bytesMax)) : undefined;
}

/** Shows the newest job. */
function Way({ words, jobs }: { readonly words: TransitWords; readonly jobs: readonly Job[] }) {
  const isNarrow = useLayout() === 'narrow';
  const job = jobs.find(isUnderWay) ?? jobs[0];
  const share = job ? meanOf(job.docs.map(shareOf)) : 0;
  return (
    <WayPicture
      words={words}
      now={job ? stationsNow(job) : []}
      share={share}
      isOver={job?.phase.kind === 'done'}
      isNarrow={isNarrow}
      caption={captionOf(words, job)}
    />
  );
}

function captionOf(words: TransitWords, job: Job | undefined): string {
  if (job?.phase.kind === 'done') return words.receiptSays;
  if (!job || !isUnderWay(job)) return words.atRest;
  if (job.phase.kind === 'returning') return words.handingBack;
  const doc = job.docs.find(({ step }) => step !== 'done') ?? job.docs.at(-1);
  return doc && job.phase.kind === 'working' ? docStep(words, doc) : words.stations.door;
}

function meanOf(shares: readonly number[]): number {
  return shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

interface Jobs {
  /** Newest first. */
  readonly jobs: readonly Job[];
  readonly drop: (files: readonly File[], profile: Profile) => void;
  readonly stop: (id: number) => void;
  readonly clear: (id: number) => void;
}

function useJobs({ reach, language, code }: DeskProps): Jobs {
  const [jobs, setJobs] = useState<readonly Job[]>([]);
  const counter = useRef(0);
  const stops = useRef(new Map<number, AbortController>());
  const change = (id: number, to: (job: Job) => Job): void =>
    setJobs((all) => all.map((job) => (job.id === id ? to(job) : job)));
  // a page that is left gives its work up
  useEffect(() => () => stops.current.forEach((stop) => stop.abort()), []);
  return {
    jobs,
    stop: (id) => stops.current.get(id)?.abort(),
    clear: (id) => setJobs((all) => all.filter((job) => job.id !== id)),
    drop(files, profile) {
      const id = counter.current++;
      const stop = new AbortController();
      stops.current.set(id, stop);
      const dropped = files.map(({ name, size }) => ({ name, sizeBytes: size }));
      setJobs((all) => [newJob(id, dropped), ...all].slice(0, limits.transit.jobsShownMax));
      void sendDrop(
        { files, profile, language, code },
        { reach, signal: stop.signal, onFrame: (frame, bytes) => change(id, (job) => takeFrame(job, frame, bytes)) },
      ).then((end) => {
        stops.current.delete(id);
        if (end !== 'ended') change(id, (job) => ({ ...job, phase: phaseAfter(end) }));
      });
    },
  };
}

function phaseAfter(end: Exclude<DropEnd, 'ended'>): JobPhase {
  return end === 'noRoom' ? { kind: 'refused', why: 'noRoom' } : { kind: end };
}
