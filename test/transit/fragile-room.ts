// A room's process that a letter breaks: at first while it is open, then before it has answered that it is; once it hears of two crashes, it stays.

import {
  answerFrom,
  askProgram,
  type Handlers,
  type OfRoom,
  type RoomOrder,
} from '#programs/transit/room-questions.ts';
import { createTalk } from '#programs/transit/talk.ts';

const LETTER = 'ab'.repeat(32);

const talk = createTalk(
  {
    send: (message) => void process.send?.(message),
    onMessage: (listener) => void process.on('message', listener),
    onClose: () => void process.once('disconnect', () => process.exit(0)),
  },
  answerFrom<Pick<OfRoom, 'open'>, unknown>({
    async open({ crashes }: RoomOrder) {
      const count = new Map(crashes).get(LETTER) ?? 0;
      if (count === 0) setTimeout(breakDown, 50);
      if (count === 1) breakDown();
      return {
        ok: true,
        value: { smtpPort: 4_000 + count, httpUrl: undefined, selfCheck: { checkedMs: 0, findings: [] } },
      };
    },
  } satisfies Handlers<Pick<OfRoom, 'open'>, unknown>),
);

function breakDown(): void {
  askProgram(talk, 'noteWork', { letter: LETTER, isBegun: true }).catch(() => undefined);
  process.abort();
}
