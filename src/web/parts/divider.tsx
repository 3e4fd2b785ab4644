// Divider: the line between list and letter, dragged or moved with the arrow keys; a double press puts it back.

import { useRef } from 'preact/hooks';
import { boundListWidth, listWidth, listWidthAfter } from '../look/list-width.ts';

export function Divider(of: {
  readonly label: string;
  readonly width: number;
  /** While it is dragged: many a second. */
  readonly onDrag: (width: number) => void;
  readonly onSettle: (width: number) => void;
}) {
  const grip = useRef<{ readonly fromX: number; readonly width: number } | undefined>(undefined);
  const widthAt = (event: PointerEvent): number =>
    grip.current ? boundListWidth(grip.current.width + event.clientX - grip.current.fromX) : of.width;
  const settle = (event: PointerEvent): void => {
    if (grip.current) of.onSettle(widthAt(event));
    grip.current = undefined;
  };
  return (
    <div
      class="divider"
      role="separator"
      tabindex={0}
      aria-orientation="vertical"
      aria-label={of.label}
      aria-valuenow={of.width}
      aria-valuemin={listWidth.min}
      aria-valuemax={listWidth.max}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = { fromX: event.clientX, width: of.width };
      }}
      onPointerMove={(event) => (grip.current ? of.onDrag(widthAt(event)) : undefined)}
      onPointerUp={settle}
      onPointerCancel={settle}
      onDblClick={() => of.onSettle(listWidth.first)}
      onKeyDown={(event) => {
        const next = listWidthAfter(event.key, of.width);
        if (next === undefined) return;
        event.preventDefault();
        of.onSettle(next);
      }}
    />
  );
}
