// Toast: what just happened, bottom left, six seconds, stays while it is pointed at; Undo where it can be undone. It stands in a place that is read aloud.

import { useEffect, useRef, useState } from 'preact/hooks';
import { useWords } from './speech.tsx';

const SHOWN_MS = 6000;

export interface ToastMessage {
  readonly key: number;
  readonly text: string;
  readonly undo?: () => void;
  /** Where six seconds are not right: as long as it can be undone. */
  readonly shownMs?: number | undefined;
}

export function Toast({
  message,
  onGone,
}: {
  readonly message: ToastMessage | undefined;
  readonly onGone: (key: number) => void;
}) {
  const words = useWords();
  const [held, setHeld] = useState(false);
  const gone = useRef(onGone);
  gone.current = onGone;
  const key = message?.key;
  const shownMs = message?.shownMs ?? SHOWN_MS;
  useEffect(() => {
    if (key === undefined || held) return undefined;
    const timer = setTimeout(() => gone.current(key), shownMs);
    return () => clearTimeout(timer);
  }, [key, held]);
  if (message === undefined) return null;
  return (
    <div
      class={message.undo ? 'toast toast-undo' : 'toast'}
      key={message.key}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <span>{message.text}</span>
      {message.undo ? (
        <button
          type="button"
          title={`${words.undo} (z)`}
          onClick={() => {
            setHeld(false);
            message.undo?.();
          }}
        >
          {words.undo}
        </button>
      ) : null}
    </div>
  );
}
