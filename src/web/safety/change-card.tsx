// A change that waits: what it is, whether it was rehearsed, who has signed; Review opens the plan, Approve the three steps.

import { useState } from 'preact/hooks';
import type { SafetyChange } from '#formats/auth-wire/safety-answers.ts';
import { Button } from '../parts/button.tsx';
import { SealMark } from '../parts/seal-mark.tsx';
import { useLanguage } from '../parts/speech.tsx';
import type { Language } from '../words/dates.ts';
import { ApproveSteps } from './approve-steps.tsx';
import { Command } from './command.tsx';
import { momentText, numberText, secondsText } from './safety-text.ts';
import { useSafetyWords } from './use-safety-words.ts';
import { reasonOf, waitsFor } from './what-waits.ts';
import type { SafetyWords } from '../words/safety-en.ts';

export interface ChangeCardProps {
  readonly change: SafetyChange;
  /** Name of the operator who looks; null: none. */
  readonly you: string | null;
  readonly nowMs: number;
  readonly say: (text: string) => void;
  readonly onChanged: () => Promise<void>;
}

type Open = 'review' | 'approve' | undefined;

export function ChangeCard(of: ChangeCardProps) {
  const { changes: own } = useSafetyWords();
  const { change, you, nowMs } = of;
  const [open, setOpen] = useState<Open>(undefined);
  const whom = waitsFor(change, you);
  const toggle = (which: Open) => () => setOpen(open === which ? undefined : which);
  return (
    <article class="change" data-waits={whom ?? 'none'} aria-labelledby={`change-${change.number}`}>
      <header class="change-head">
        <SealMark shape={whom === 'you' ? 'needs-you' : change.rehearsedMs === null ? 'open' : 'checked'} size={24} />
        <div class="change-what">
          <h3 class="change-title" id={`change-${change.number}`}>
            {own.title(change.number)} · {own.classes[change.class]}
          </h3>
          <p class="change-because" lang="en">
            {reasonOf(change)}
          </p>
          <Facts change={change} you={you} />
        </div>
        <div class="change-do">
          <Button kind="outline" onPress={toggle('review')}>
            {open === 'review' ? own.close : own.review}
          </Button>
          {change.approval === null || change.approval.isEnough ? null : (
            <Button kind={whom === 'you' ? 'primary' : 'outline'} onPress={toggle('approve')}>
              {open === 'approve' ? own.close : own.approve}
            </Button>
          )}
        </div>
      </header>
      <Standing {...of} />
      {open === 'review' ? <Review change={change} nowMs={nowMs} /> : null}
      {open === 'approve' && change.approval !== null ? <ApproveSteps {...of} approval={change.approval} /> : null}
    </article>
  );
}

function Facts({ change, you }: Pick<ChangeCardProps, 'change' | 'you'>) {
  const { changes: own } = useSafetyWords();
  const language = useLanguage();
  const { approval, predicted } = change;
  const facts = [
    change.rehearsedMs === null ? own.notRehearsed : own.rehearsed,
    ...(predicted === null ? [] : [rowsText(own, language, predicted.rows)]),
    ...(approval === null ? [] : [own.signed(approval.by.length, approval.need)]),
    ...(waitsFor(change, you) === 'you' ? [own.waitsForYou] : []),
  ];
  return <p class="meta">{facts.join(' · ')}</p>;
}

/** What it waits for, in a sentence, where that is not plain. */
function Standing({ change, you, say }: ChangeCardProps) {
  const { changes: own } = useSafetyWords();
  const { approval } = change;
  if (approval === null)
    return (
      <p class="change-standing">
        {own.next}: <Command text={change.next} say={say} />
      </p>
    );
  if (approval.isEnough)
    return (
      <p class="change-standing">
        {own.enough} <Command text={`siegel change apply ${change.number} --apply`} say={say} />
      </p>
    );
  if (you !== null && !approval.by.includes(you) && approval.because === '') return null;
  const text = you === null ? own.noKey : approval.by.includes(you) ? own.waitsForOthers : '';
  return (
    <p class="change-standing">
      {text}{' '}
      {approval.because === '' ? null : (
        <span lang="en" class="meta">
          {approval.because}
        </span>
      )}
    </p>
  );
}

export function rowsText(
  own: SafetyWords['changes'],
  language: Language,
  rows: Readonly<Record<string, number>>,
): string {
  const counted = Object.entries(rows).map(([table, count]) => own.rows(numberText(language, count), table));
  return counted.length === 0 ? own.noRows : counted.join(', ');
}

function Review({ change, nowMs }: Pick<ChangeCardProps, 'change' | 'nowMs'>) {
  const { changes: own } = useSafetyWords();
  const language = useLanguage();
  const { predicted, approval, statements, backup } = change;
  return (
    <dl class="change-plan">
      <dt>{own.because}</dt>
      <dd lang="en">
        {change.because.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </dd>
      {statements.length === 0 ? null : (
        <>
          <dt>{own.statements}</dt>
          <dd lang="en">
            {statements.map(({ sql, why }) => (
              <div key={sql}>
                <pre class="mono" tabIndex={0}>
                  {sql}
                </pre>
                <p class="meta">{why}</p>
              </div>
            ))}
          </dd>
        </>
      )}
      {predicted === null ? null : (
        <>
          <dt>{own.predicted}</dt>
          <dd>
            {[
              rowsText(own, language, predicted.rows),
              predicted.locks.length === 0 ? own.noLocks : own.locks(predicted.locks.join(', ')),
              own.seconds(secondsText(language, predicted.seconds)),
              own.undo(secondsText(language, predicted.undoSeconds)),
            ].join(' · ')}
          </dd>
        </>
      )}
      <dt>{own.howUndone}</dt>
      <dd lang="en">{change.undo}</dd>
      {backup === null ? null : (
        <>
          <dt>{own.backup}</dt>
          <dd class="mono">{backup}</dd>
        </>
      )}
      <dt>{own.until}</dt>
      <dd>
        {momentText(language, change.expiresMs, nowMs)}
        {approval === null || approval.by.length === 0 ? null : ` · ${own.by(approval.by.join(', '))}`}
      </dd>
    </dl>
  );
}
