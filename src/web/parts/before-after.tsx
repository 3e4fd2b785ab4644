// Before/After slider: two pictures of one thing over each other; the handle is dragged, or moved with the arrow keys.

import { useEffect, useRef, useState } from 'preact/hooks';

export interface BeforeAfterProps {
  readonly before: Blob;
  readonly after: Blob;
  readonly words: {
    readonly slider: string;
    readonly before: string;
    readonly after: string;
    readonly sliderAt: (percent: number) => string;
  };
}

const FIRST = 50;
const STEP = 2;
const BIG_STEP = 10;

/** Where a key moves the handle; undefined: not one of its keys. */
export function sliderAfter(key: string, at: number): number | undefined {
  const bound = (to: number): number => Math.max(0, Math.min(100, to));
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return bound(at - STEP);
    case 'ArrowRight':
    case 'ArrowUp':
      return bound(at + STEP);
    case 'PageDown':
      return bound(at - BIG_STEP);
    case 'PageUp':
      return bound(at + BIG_STEP);
    case 'Home':
      return 0;
    case 'End':
      return 100;
    default:
      return undefined;
  }
}

/** Lives as long as it is shown. */
function useAddress(picture: Blob): string | undefined {
  const [address, setAddress] = useState<string | undefined>(undefined);
  useEffect(() => {
    const made = URL.createObjectURL(picture);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  return address;
}

export function BeforeAfter({ before, after, words }: BeforeAfterProps) {
  const [at, setAt] = useState(FIRST);
  const frame = useRef<HTMLDivElement>(null);
  const isHeld = useRef(false);
  const [one, other] = [useAddress(before), useAddress(after)];
  const follow = (event: PointerEvent): void => {
    const box = frame.current?.getBoundingClientRect();
    if (!isHeld.current || !box || box.width === 0) return;
    setAt(Math.round(Math.max(0, Math.min(100, ((event.clientX - box.left) / box.width) * 100))));
  };
  const letGo = (): void => {
    isHeld.current = false;
  };
  return (
    <div
      ref={frame}
      class="before-after"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        isHeld.current = true;
        frame.current?.setPointerCapture(event.pointerId);
        frame.current?.querySelector<HTMLElement>('[role=slider]')?.focus({ preventScroll: true });
        follow(event);
      }}
      onPointerMove={follow}
      onPointerUp={letGo}
      onPointerCancel={letGo}
    >
      {other ? <img class="before-after-picture" src={other} alt={words.after} draggable={false} /> : null}
      {one ? (
        <img
          class="before-after-picture before-after-first"
          src={one}
          alt={words.before}
          draggable={false}
          style={{ clipPath: `inset(0 ${100 - at}% 0 0)` }}
        />
      ) : null}
      <span class="before-after-word before-after-left" aria-hidden="true" data-hidden={at < 18}>
        {words.before}
      </span>
      <span class="before-after-word before-after-right" aria-hidden="true" data-hidden={at > 82}>
        {words.after}
      </span>
      <div
        class="before-after-handle"
        role="slider"
        tabindex={0}
        aria-label={words.slider}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={at}
        aria-valuetext={words.sliderAt(at)}
        style={{ left: `${at}%` }}
        onKeyDown={(event) => {
          const next = sliderAfter(event.key, at);
          if (next === undefined) return;
          event.preventDefault();
          setAt(next);
        }}
      >
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <circle cx={16} cy={16} r={15} />
          <path d="M12.5 11 8 16l4.5 5M19.5 11l4.5 5-4.5 5" />
        </svg>
      </div>
    </div>
  );
}
