// The toast of the mailbox: the sentence of what was done last, and Undo.

import { Toast, type ToastMessage } from '../parts/toast.tsx';
import { useWords } from '../parts/speech.tsx';
import type { MailControl } from './mail-control.ts';
import type { MailState } from './mail-state.ts';
import { noticeSentence } from './notice-words.ts';

export interface NoticeToastProps {
  readonly state: MailState;
  readonly control: MailControl;
  /** What a welcome message has to say comes first. */
  readonly first: ToastMessage | undefined;
  readonly onFirstGone: (key: number) => void;
}

export function NoticeToast({ state, control: { model }, first, onFirstGone }: NoticeToastProps) {
  const words = useWords();
  const { notice } = state;
  const message =
    first ??
    (notice && {
      key: notice.key,
      text: noticeSentence(notice, state, words),
      shownMs: notice.shownMs,
      ...(notice.undoable ? { undo: () => void model.undo() } : {}),
    });
  return <Toast message={message} onGone={(key) => (first ? onFirstGone(key) : model.dropNotice(key))} />;
}
