// useSwipe: on touch screens a row goes to the archive to the right and to the trash to the left.

import { useRef } from 'preact/hooks';
import { parseId, type LetterId } from '#base/ids.ts';

const LEAST_PIXELS = 72;

interface Held {
  readonly row: HTMLElement;
  readonly id: LetterId;
  readonly x: number;
  readonly y: number;
  readonly base: string;
  moved: number;
}

export function useSwipe(onSwipe: (id: LetterId, way: 'left' | 'right') => void) {
  const held = useRef<Held | undefined>(undefined);
  const release = (): void => {
    const now = held.current;
    held.current = undefined;
    if (!now) return;
    now.row.style.transform = now.base;
    now.row.style.opacity = '';
  };
  return {
    onPointerDown: (event: PointerEvent): void => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null;
      const id = parseId<LetterId>(row?.id.replace('row-', ''));
      if (event.pointerType !== 'touch' || !row || !id) return;
      held.current = { row, id, x: event.clientX, y: event.clientY, base: row.style.transform, moved: 0 };
    },
    onPointerMove: (event: PointerEvent): void => {
      const now = held.current;
      if (!now) return;
      if (Math.abs(event.clientY - now.y) > 24 && Math.abs(now.moved) < 24) return release();
      now.moved = event.clientX - now.x;
      now.row.style.transform = `${now.base} translateX(${now.moved}px)`;
      now.row.style.opacity = String(1 - Math.min(0.6, Math.abs(now.moved) / 300));
    },
    onPointerUp: (): void => {
      const now = held.current;
      release();
      if (now && Math.abs(now.moved) >= LEAST_PIXELS) onSwipe(now.id, now.moved > 0 ? 'right' : 'left');
    },
    onPointerCancel: release,
  };
}
