// SealMark: the one round sign; what happened to a message is told by its shape, never by colour alone.

import { unreachable } from '#base/assert.ts';
import { waxOutline } from './wax-outline.ts';

export type SealShape = 'end-to-end' | 'on-arrival' | 'open' | 'expires' | 'checked' | 'needs-you';

const ring = { cx: 12, cy: 12, r: 8, fill: 'none', stroke: 'currentColor', 'stroke-width': 2 };
const tick = 'M8 12.5l2.7 2.7L16.2 9.6';
const circumference = 2 * Math.PI * 8;

function Shape({ shape, left }: { readonly shape: SealShape; readonly left: number }) {
  switch (shape) {
    case 'end-to-end':
      return <circle cx={12} cy={12} r={9} fill="currentColor" mask="url(#seal-cut)" />;
    case 'on-arrival':
      return (
        <>
          <circle {...ring} />
          <circle cx={12} cy={12} r={3.2} fill="currentColor" />
        </>
      );
    case 'open':
      return <circle {...ring} stroke-dasharray="3.2 3.1" />;
    case 'expires':
      return (
        <>
          <circle {...ring} opacity={0.3} />
          <circle
            {...ring}
            stroke-width={2.6}
            stroke-dasharray={`${(left * circumference).toFixed(2)} ${circumference.toFixed(2)}`}
            transform="rotate(-90 12 12)"
          />
        </>
      );
    case 'checked':
      return (
        <>
          <circle {...ring} />
          <path
            d={tick}
            fill="none"
            stroke="currentColor"
            stroke-width={2}
            stroke-linecap="round"
            stroke-linejoin="round"
          />
        </>
      );
    case 'needs-you':
      return (
        <>
          <circle {...ring} stroke-dasharray="41.3 9" transform="rotate(-61 12 12)" />
          <path d="M12 7.6v5" stroke="currentColor" stroke-width={2} stroke-linecap="round" />
          <circle cx={12} cy={16} r={1.3} fill="currentColor" />
        </>
      );
    default:
      return unreachable(shape);
  }
}

/** `left` is the share of time that remains, 0 to 1, for `expires`. */
export function SealMark(of: {
  readonly shape: SealShape;
  readonly size: number;
  readonly label?: string;
  readonly left?: number;
}) {
  const { shape, size, label, left = 0.7 } = of;
  return (
    <svg
      class="seal-mark"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' })}
    >
      {label ? <title>{label}</title> : null}
      <Shape shape={shape} left={left} />
    </svg>
  );
}

/** The wax mark of the house: nine lobes and an inner ring. */
export function WaxMark({ size }: { readonly size: number }) {
  return (
    <svg class="seal-mark seal-mark-wax" width={size} height={size} viewBox="0 0 48 48" aria-hidden="true">
      <path d={waxOutline} fill="currentColor" mask="url(#wax-cut)" />
    </svg>
  );
}
