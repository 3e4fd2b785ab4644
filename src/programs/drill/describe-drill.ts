// A drill as lines for people.

import { hasPassed, type ReplayReport } from './drill-report.ts';

export function replayLine(report: ReplayReport): string {
  const { id, attempted, stoppedBy, lettersLost, lettersDoubled, lettersBroken, seconds, sabotage, trouble } = report;
  const mark = hasPassed(report) ? '✓' : '✗';
  const count = `${lettersLost} lost, ${lettersDoubled} doubled, ${lettersBroken} broken, ${seconds} s`;
  const off = `without ${sabotage.without}: ${sabotage.lost} lost, ${sabotage.doubled} doubled, ${sabotage.broken} broken`;
  const lines = [`${mark} ${id.padEnd(3)} ${attempted}`, `      stopped by ${stoppedBy}`, `      ${count}; ${off}`];
  return [...lines, ...(trouble === undefined ? [] : [`      could not be carried through: ${trouble}`])].join('\n');
}
