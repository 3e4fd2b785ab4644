// `siegel status`: where the service listens, what it holds, and what needs attention.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) =>
  ask(call, 'status', {}, ({ facts, warnings }) => {
    const width = Math.max(0, ...Object.keys(facts).map((name) => name.length));
    const lines = Object.entries(facts).map(([name, value]) => `${name.padEnd(width)}  ${String(value)}`);
    const attention = warnings.length === 0 ? ['Nothing needs attention.'] : warnings.map((warning) => `! ${warning}`);
    return { json: { ...facts, warnings }, text: [...lines, ...attention].join('\n') };
  });
