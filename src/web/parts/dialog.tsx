// Dialog: the browser's own modal (480 px, or a sheet from below); Esc and a press outside close it.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export function Dialog(of: {
  readonly label: string;
  readonly kind?: 'dialog' | 'sheet' | 'palette';
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const place = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = place.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={place}
      class={of.kind ?? 'dialog'}
      aria-label={of.label}
      onCancel={(event) => {
        event.preventDefault();
        of.onClose();
      }}
      onClick={(event) => {
        if (event.target === place.current) of.onClose();
      }}
    >
      {of.children}
    </dialog>
  );
}
