// Incidents as everybody sees them: how far an open one is, what was done when; the ring is the progress.

import { unreachable } from '#base/assert.ts';
import type { SafetyIncident } from '#formats/auth-wire/safety-answers.ts';
import { SealMark } from '../parts/seal-mark.tsx';
import { useLanguage } from '../parts/speech.tsx';
import type { Language } from '../words/dates.ts';
import type { SafetyWords } from '../words/safety-en.ts';
import { dayText, momentText, numberText, secondsText } from './safety-text.ts';
import { useSafetyWords } from './use-safety-words.ts';

export function Incidents(of: { readonly incidents: readonly SafetyIncident[]; readonly nowMs: number }) {
  const { incidents: own } = useSafetyWords();
  const language = useLanguage();
  return (
    <section class="safety-part" aria-labelledby="safety-incidents">
      <div class="safety-head">
        <h2 class="section" id="safety-incidents">
          {own.title}
        </h2>
        <a class="meta" href={`/status?lang=${language}`} target="_blank" rel="noreferrer">
          {own.public}
        </a>
      </div>
      {of.incidents.length === 0 ? <p class="meta safety-none">{own.none}</p> : null}
      {of.incidents.map((incident) => (
        <Incident key={incident.number} incident={incident} nowMs={of.nowMs} />
      ))}
    </section>
  );
}

function Incident({ incident, nowMs }: { readonly incident: SafetyIncident; readonly nowMs: number }) {
  const words = useSafetyWords();
  const { incidents: own } = words;
  const language = useLanguage();
  const { closedMs, progress, mailboxes } = incident;
  const shown = (value: number): string => numberText(language, value);
  const share = progress === null || progress.expected === 0 ? undefined : progress.found / progress.expected;
  const facts = [
    closedMs === null ? own.open : own.over(dayText(language, closedMs)),
    own.mailboxes(shown(mailboxes), mailboxes === 1),
    ...(progress === null ? [] : [own.found(shown(progress.found), shown(progress.expected))]),
  ];
  return (
    <article class="safety-incident" data-open={closedMs === null ? '' : undefined}>
      {closedMs !== null ? (
        <SealMark shape="checked" size={24} />
      ) : share === undefined ? (
        <SealMark shape="needs-you" size={24} />
      ) : (
        <SealMark shape="expires" size={24} left={share} />
      )}
      <div>
        <h3 class="change-title">{incident.title}</h3>
        <p class="meta">{facts.join(' · ')}</p>
        <ol class="safety-timeline">
          {incident.timeline.toReversed().map((entry) => (
            <li key={`${entry.atMs} ${entry.what} ${entry.text ?? ''}`}>
              <time class="meta" dateTime={new Date(entry.atMs).toISOString()}>
                {momentText(language, entry.atMs, nowMs)}
              </time>
              <span>{said(words, language, entry)}</span>
            </li>
          ))}
        </ol>
      </div>
    </article>
  );
}

function said(
  { incidents: own }: SafetyWords,
  language: Language,
  { what, text = '', change = 0, seconds = 0 }: SafetyIncident['timeline'][number],
): string {
  switch (what) {
    case 'opened':
    case 'closed':
      return `${own[what]}: ${text}`;
    case 'update':
      return text;
    case 'changeUndone':
      return own.changeUndone(change, secondsText(language, seconds));
    case 'changeApplied':
    case 'changeVerified':
      return own[what](change);
    case 'backupVerified':
      return own.backupVerified;
    default:
      return unreachable(what);
  }
}
