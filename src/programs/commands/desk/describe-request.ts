// A request after a decision, in words.

import type { Done } from '../../command.ts';
import type { ResultOf } from '../../operator-methods.ts';

export function describeChanged(changed: ResultOf<'request.file'>): Done {
  const { filing, state, outcome, events, head } = changed;
  const became = outcome === null || outcome === state ? '' : ` (${outcome})`;
  return {
    json: changed,
    text: [`${filing}  ${state}${became}`, `Written   ${events.join(', ')}`, `Head      ${head}`].join('\n'),
  };
}
