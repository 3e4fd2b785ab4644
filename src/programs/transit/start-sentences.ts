// Why the room does not start, for the operator: what was found and what to do.

import { unreachable } from '#base/assert.ts';
import type { Finding } from '#post/transit/report/self-check.ts';
import type { RoomStartRefusal } from './open-room.ts';

export function describeRoomRefusal(refusal: RoomStartRefusal): string {
  switch (refusal.kind) {
    case 'unsafe':
      return refusal.selfCheck.findings
        .filter(({ isMet, isAccepted }) => !isMet && !isAccepted)
        .map(describeFinding)
        .join('\n');
    case 'cannot-listen':
      return `the room for documents cannot listen for ${refusal.what === 'smtp' ? 'letters' : 'its page'} (${refusal.code}). Choose another port with SIEGEL_${refusal.what === 'smtp' ? 'SMTP' : 'HTTP'}_PORT.`;
    case 'store':
      return refusal.faults
        .map(
          ({ seen, whatToDo }) =>
            `${seen}. ${whatToDo} See docs/guide/transit.md, "A store beside or on another machine".`,
        )
        .join('\n');
    case 'not-started':
      return 'the process of the room for documents did not start. Look at the log, and whether the user it runs as can read the program’s folder.';
    default:
      return unreachable(refusal);
  }
}

export function describeFinding({ kind, seen, whatToDo }: Finding): string {
  return `${seen}: documents could outlive their work. ${whatToDo} Or accept it, which every receipt will say: SIEGEL_TRANSIT_ACCEPT=${kind}`;
}
