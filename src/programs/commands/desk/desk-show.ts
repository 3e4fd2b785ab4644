// `siegel desk show`: the policy in force, who is in its roster, and how far the register is.

import { ask } from '../../ask.ts';
import type { Run } from '../../command.ts';

export const run: Run = (call) =>
  ask(call, 'desk.show', {}, (shown) => {
    const { policy, entries, head, overdue, soon } = shown;
    const register = [`Register  ${entries} entries`, `Head      ${head}`];
    if (policy === null)
      return {
        json: shown,
        text: ['No policy is in force: siegel desk policy brings one.', '', ...register].join('\n'),
      };
    const roster = policy.roster.map(({ name, role, fingerprint }) => `  ${role.padEnd(8)} ${fingerprint}  ${name}`);
    const due = [
      ...(overdue > 0 ? [`Overdue   ${overdue}: siegel request list`] : []),
      ...(soon > 0 ? [`Due soon  ${soon}`] : []),
    ];
    const text = [
      ...due,
      `Policy    ${policy.title}, ${policy.dated}`,
      `SHA-256   ${policy.sha256}`,
      'Roster',
      ...roster,
      'Norms',
      ...policy.norms.map((norm) => `  ${norm}`),
      ...register,
    ];
    return { json: shown, text: text.join('\n') };
  });
