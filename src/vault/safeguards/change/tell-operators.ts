// Every plan, every apply and every undo is told to all operators; what a kill kept from being told is told at the next start.

import type { Change } from './change-state.ts';
import { describeReport } from './describe-report.ts';
import type { ChangeParts } from './parts.ts';
import { nextStep, shownTime } from './refusals.ts';

type Told = 'planned' | 'applied' | 'undone';

/** Tells what nobody was told yet. A mailbox that cannot be reached stops nothing. */
export async function tellDue({ book, people, log }: Pick<ChangeParts, 'book' | 'people' | 'log'>): Promise<void> {
  for (const change of book.changes.values()) {
    for (const step of dueOf(change)) {
      const reached = await people.tell(noticeOf(change, step));
      const noted = await book.step(change.number, 'told', { step, reached });
      if (!noted.ok) log.warn('change.toldNotNoted', {});
    }
  }
}

function dueOf(change: Change): readonly Told[] {
  const reached: Told[] = ['planned'];
  if (change.applied !== undefined) reached.push('applied');
  if (change.undone !== undefined) reached.push('undone');
  return reached.filter((step) => !change.told.includes(step));
}

const WORDS: Readonly<Record<Told, string>> = { planned: 'planned', applied: 'applied', undone: 'undone' };

function noticeOf(change: Change, step: Told): { readonly subject: string; readonly text: string } {
  const { number, draft, predicted, applied, undone, undoing } = change;
  const lines = [
    `Change ${number} was ${WORDS[step]}. Class ${draft.class}.`,
    '',
    ...draft.because.map((one) => `  ${one}`),
    '',
    ...(predicted === undefined ? [] : [`Predicted: ${describeReport(predicted)}`]),
    ...(step !== 'planned' && applied !== undefined ? [`Actual:    ${describeReport(applied)}`] : []),
    ...(step === 'undone' && undone !== undefined ? [`Undone in ${undone.seconds} s: ${undoing?.why ?? ''}`] : []),
    ...(step === 'planned'
      ? [`Good until ${shownTime(draft.expiresMs)}.`, `Next: ${nextStep(change.standing, number)}`]
      : []),
    ...(step === 'applied' ? [`To take it back: siegel change undo ${number} --apply`] : []),
  ];
  return { subject: `Change ${number} ${WORDS[step]}`, text: lines.join('\n') };
}
