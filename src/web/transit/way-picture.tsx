// The way of a document through the house's services, drawn: each station is a ring that closes as its work goes on, and the memory around them empties at the end.

import type { TransitWords } from '../words/transit-en.ts';
import { stations, type Station } from './job-model.ts';

/** `share`: how far it is there, 0 to 1. */
export interface WayProps {
  readonly words: TransitWords;
  readonly now: readonly Station[];
  readonly share: number;
  /** Everything came back and is erased. */
  readonly isOver: boolean;
  readonly isNarrow: boolean;
  /** Said below it, and read out when it changes. */
  readonly caption: string;
}

/** Inside a ring of radius 17 around 0 0. */
const drawings: Readonly<Record<Station, string>> = {
  door: 'M-8-5.5h16v11H-8zM-8-5l8 6 8-6',
  unpack: 'M-8-2 0-6l8 4-8 4zM-8-2v6l8 4 8-4v-6M0 2v6',
  page: 'M-6.5-5.5 3-8l4 13-9.5 2.500zM-3.200-2.200l5-1.400M-2.200 1.600l5-1.400',
  text: 'M-7 6-2.500-6h1L3 6M-5.300 2h5.600M5 6h3M5 2.500h3M5-1h3',
  bind: 'M-6-8h8l4 4V8H-6zM2-8v4h4M-3 0h6M-3 3.500h6',
  check: 'M-6.500.5-2 5l8.500-9.500',
  back: 'M-3.500-6-8-1.500l4.500 4.500M-8-1.500h10a5 5 0 0 1 0 10h-4',
};

const RADIUS = 17;
const AROUND = 2 * Math.PI * RADIUS;
const layouts = {
  wide: { width: 832, height: 128, first: 44, step: 124, y: 52, words: 96 },
  narrow: { width: 352, height: 76, first: 24, step: 50.6, y: 38, words: undefined },
} as const;
/** Those inside the memory. */
const INNER = [1, 5] as const;

export function WayPicture(of: WayProps) {
  const { words, now, isOver } = of;
  const layout = of.isNarrow ? layouts.narrow : layouts.wide;
  const { width, height, y } = layout;
  const x = (at: number): number => layout.first + at * layout.step;
  const place = now[0] === undefined ? -1 : stations.indexOf(now[0]);
  const stateOf = (station: Station, at: number): 'ahead' | 'now' | 'past' => {
    if (isOver || (place >= 0 && at < place)) return 'past';
    return now.includes(station) ? 'now' : 'ahead';
  };
  const isFilled = place >= INNER[0] && place <= INNER[1];
  const left = x(INNER[0]) - layout.step / 2 + 6;
  return (
    <figure class="way" aria-label={words.way}>
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true" class={isOver ? 'way-over' : ''}>
        <rect
          class={isFilled ? 'way-memory way-memory-filled' : 'way-memory'}
          x={left}
          y={6}
          width={x(INNER[1]) + layout.step / 2 - 6 - left}
          height={height - 12}
          rx={10}
        />
        {stations.slice(1).map((station, at) => (
          <path
            key={station}
            class={`way-line way-${stateOf(station, at + 1)}`}
            d={`M${x(at) + RADIUS + 4} ${y}H${x(at + 1) - RADIUS - 4}`}
          />
        ))}
        {stations.map((station, at) => (
          <Stop
            key={station}
            station={station}
            word={layout.words === undefined ? undefined : words.stations[station]}
            at={[x(at), y]}
            wordAt={layout.words ?? 0}
            state={stateOf(station, at)}
            share={of.share}
          />
        ))}
        {layout.words === undefined ? null : (
          <text class="way-label" x={left + 12} y={22}>
            {words.memory}
          </text>
        )}
      </svg>
      <figcaption class="way-caption" aria-live="polite">
        {of.caption}
      </figcaption>
    </figure>
  );
}

function Stop(of: {
  readonly station: Station;
  readonly word: string | undefined;
  readonly at: readonly [x: number, y: number];
  readonly wordAt: number;
  readonly state: 'ahead' | 'now' | 'past';
  readonly share: number;
}) {
  const [x, y] = of.at;
  const share = of.station === 'page' || of.station === 'text' ? of.share : 0.25;
  return (
    <g class={`way-stop way-${of.state}`}>
      <g transform={`translate(${x} ${y})`}>
        <circle class="way-ring" r={RADIUS} />
        {of.state === 'now' ? (
          <circle
            class="way-arc"
            r={RADIUS}
            stroke-dasharray={`${(Math.max(0.04, share) * AROUND).toFixed(1)} ${AROUND.toFixed(1)}`}
            transform="rotate(-90)"
          />
        ) : null}
        <path class="way-drawing" d={drawings[of.station]} />
      </g>
      {of.word === undefined ? null : (
        <text x={x} y={of.wordAt} text-anchor="middle">
          {of.word}
        </text>
      )}
    </g>
  );
}
