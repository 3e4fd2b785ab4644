// `siegel dkim rotate`: new signing keys; the running program takes them up by itself.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

const STATES: Readonly<Record<string, string>> = {
  coming: 'new: publish it now',
  signing: 'letters are signed with it',
  leaving: 'old: leave it for now',
};

export const run: Run = (call) =>
  ask(call, 'dkim.rotate', { apply: call.switches.has('apply') }, (rotated) => {
    const records = rotated.records.map(({ line, state }) => `; ${STATES[state] ?? state}\n${line}`).join('\n');
    const end = rotated.isApplied ? 'Done.' : 'Nothing has changed yet. Run it again with --apply to do it.';
    return { json: rotated, text: `${rotated.plan}\n\n${records}\n\n${end}` };
  });
