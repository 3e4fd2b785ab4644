// Three lines with the round mark: backup, ledger, drill; each says its state and age, and what to do where it needs somebody.

import type { ComponentChildren } from 'preact';
import type { Safety } from '#formats/auth-wire/safety-answers.ts';
import { Button } from '../parts/button.tsx';
import { SealMark } from '../parts/seal-mark.tsx';
import { useLanguage } from '../parts/speech.tsx';
import { Command } from './command.tsx';
import { ageText, momentText, numberText, secondsText } from './safety-text.ts';
import { useSafetyWords } from './use-safety-words.ts';

type State = 'checked' | 'needs-you' | 'open';

function Line(of: {
  readonly state: State;
  readonly name: string;
  readonly text: string;
  readonly age: string;
  /** What can be done at any time. */
  readonly act?: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  const own = useSafetyWords();
  const label = of.state === 'checked' ? own.checked : of.state === 'needs-you' ? own.needsYou : own.notYet;
  return (
    <li class="state-line" data-state={of.state}>
      <SealMark shape={of.state} size={24} label={label} />
      <span class="state-name">{of.name}</span>
      <span class="state-text">{of.text}</span>
      <span class="state-age meta">
        {of.age}
        {of.act ? <> {of.act}</> : null}
      </span>
      {of.children ? <div class="state-do">{of.children}</div> : null}
    </li>
  );
}

export interface StateLinesProps {
  readonly safety: Safety;
  readonly isCounting: boolean;
  readonly onCount: () => void;
  readonly say: (text: string) => void;
}

export function StateLines(of: StateLinesProps) {
  return (
    <ul class="state-lines">
      <BackupLine safety={of.safety} say={of.say} />
      <LedgerLine {...of} />
      <DrillLine safety={of.safety} say={of.say} />
      <CopiesLine safety={of.safety} />
    </ul>
  );
}

function BackupLine({ safety: { backup, nowMs }, say }: Pick<StateLinesProps, 'safety' | 'say'>) {
  const { backup: own } = useSafetyWords();
  const language = useLanguage();
  const { newest, isNamed, isDue, trouble } = backup;
  if (newest === null)
    return (
      <Line state={isNamed ? 'needs-you' : 'open'} name={own.name} text={isNamed ? own.none : own.nowhere} age="">
        {trouble === null ? null : <Trouble text={trouble} />}
        <Command text={isNamed ? own.take : own.place} say={say} />
      </Line>
    );
  const letters = newest.letters === null ? '' : ` · ${own.letters(numberText(language, newest.letters))}`;
  return (
    <Line
      state={isDue || trouble !== null ? 'needs-you' : 'checked'}
      name={own.name}
      text={own.verified(momentText(language, newest.verifiedMs, nowMs)) + letters}
      age={ageText(language, newest.takenMs, nowMs)}
    >
      {trouble === null ? null : <Trouble text={trouble} />}
      {isDue ? <Command text={own.take} say={say} /> : null}
    </Line>
  );
}

/** The safeguards say it in English, with the next step. */
function Trouble({ text }: { readonly text: string }) {
  return (
    <p class="state-trouble" lang="en">
      {text}
    </p>
  );
}

function LedgerLine({ safety: { ledger, nowMs }, isCounting, onCount, say }: StateLinesProps) {
  const { ledger: own } = useSafetyWords();
  const language = useLanguage();
  const { last } = ledger;
  const count = (
    <Button kind="link" disabled={isCounting} onPress={onCount}>
      {isCounting ? own.counting : own.count}
    </Button>
  );
  if (last === null) return <Line state="open" name={own.name} text={own.never} age="" act={count} />;
  const letters = numberText(language, last.letters);
  return (
    <Line
      state={last.isEqual ? 'checked' : 'needs-you'}
      name={own.name}
      text={last.isEqual ? own.equal(letters) : own.differs(numberText(language, last.missing), letters)}
      age={`${ageText(language, last.atMs, nowMs)} · ${secondsText(language, last.seconds)}`}
      act={count}
    >
      {last.isEqual ? null : (
        <>
          <Command text={own.tell} say={say} />
          <Command text={own.rebuild} say={say} />
        </>
      )}
    </Line>
  );
}

/** Copies of what may have been deleted since: how old the oldest of each kind is. */
function CopiesLine({ safety: { copies } }: Pick<StateLinesProps, 'safety'>) {
  const { copies: own } = useSafetyWords();
  if (copies === undefined) return null;
  const over = copies.filter(({ isOver }) => isOver);
  const there = copies.filter(({ count, isOver }) => count > 0 || isOver);
  const days = (ms: number | null): string => (ms === null ? '?' : String(Math.floor(ms / DAY_MS)));
  return (
    <Line
      state={over.length === 0 ? 'checked' : 'needs-you'}
      name={own.name}
      text={over.length === 0 ? own.inTime : own.over(over.map(({ id }) => own.kinds[id]).join(', '))}
      age=""
    >
      <p class="meta">
        {there.map(({ id, oldestMs, daysMax }) => own.age(own.kinds[id], days(oldestMs), String(daysMax))).join(' · ')}
      </p>
      {over.length === 0 ? null : <p class="state-trouble">{own.look}</p>}
    </Line>
  );
}

const DAY_MS = 86_400_000;

function DrillLine({ safety: { drill, nowMs }, say }: Pick<StateLinesProps, 'safety' | 'say'>) {
  const { drill: own } = useSafetyWords();
  const language = useLanguage();
  const last = drill?.last ?? null;
  if (drill === null) return <Line state="open" name={own.name} text={own.none} age="" />;
  if (last === null)
    return (
      <Line state="open" name={own.name} text={own.never} age="">
        <Command text={own.run} say={say} />
      </Line>
    );
  return (
    <Line
      state={last.passed === last.total ? 'checked' : 'needs-you'}
      name={own.name}
      text={own.passed(numberText(language, last.passed), numberText(language, last.total))}
      age={ageText(language, last.atMs, nowMs)}
    />
  );
}
