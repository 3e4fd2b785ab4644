// What `queue hold` and `queue release` share: the plan first, and with --apply the deed.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export function queueChange(method: 'queue.hold' | 'queue.release'): Run {
  return (call) => {
    const { account } = call.options;
    const params = { ...(account === undefined ? {} : { account }), apply: call.switches.has('apply') };
    return ask(call, method, params, ({ plan, isApplied }) => ({
      json: { plan, isApplied },
      text: isApplied ? `${plan}\nDone.` : `${plan}\nNothing has changed yet. Run it again with --apply to do it.`,
    }));
  };
}
