// `siegel book head`: the newest signed head of the book; whoever keeps it elsewhere can tell later that nothing was unsaid.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) =>
  ask(call, 'book.head', {}, (found) => {
    const { head, house, key } = found;
    const lines = [
      `entries  ${head.size}`,
      `root     ${head.root}`,
      `signed   ${new Date(head.timeMs).toISOString()}`,
      `house    ${house}`,
      `key      ${key}`,
    ];
    return { json: found, text: lines.join('\n') };
  });
