// A desk as the doors of a house see it in tests: desk@siegel.test, which is full for some senders and shut for others.

import { ok } from '#base/result.ts';
import type { LetterPlace } from '../letter-place.ts';

export function openTestDesk(): LetterPlace {
  return {
    knows: ({ local }) => (local === 'desk' ? 'place' : undefined),
    alone: 'deskMixed',
    async refuseSender({ sender, sizeBytes = 0 }) {
      if (sizeBytes > 1_000) return 'deskTooLarge';
      if (sender?.local === 'late') return 'deskFull';
      return sender?.local === 'early' ? 'deskClosed' : undefined;
    },
    async take({ giveBack }) {
      giveBack?.();
      return ok('sealed for the desk, id=x');
    },
  };
}
