// Empty: a line drawing, one sentence, at most one action.

import type { ComponentChildren } from 'preact';

export type EmptyDrawing = 'tray' | 'letter' | 'glass' | 'basket' | 'folder' | 'closed' | 'broken';

const drawings: Readonly<Record<EmptyDrawing, readonly string[]>> = {
  tray: ['M8 36 16 14h32l8 22v14H8z', 'M8 36h14c1 6 5 9 10 9s9-3 10-9h14'],
  letter: ['M8 16h48v34H8z', 'M8 18l24 18 24-18'],
  glass: ['M28 46a18 18 0 1 0 0-36 18 18 0 0 0 0 36z', 'M41 41l14 14', 'M21 24c1.5-3 4-4.5 7-4.5'],
  basket: ['M14 18h36', 'M18 18l3 36h22l3-36', 'M26 18v-6h12v6', 'M28 27v18M36 27v18'],
  folder: ['M8 50V14h18l6 7h24v29z', 'M8 27h48'],
  broken: ['M8 16h48v34H8z', 'M8 18l17 13M56 18 39 31', 'M37 28.8a8 8 0 1 0 2.6 3.9', 'M32 30.5v5', 'M32 39v.2'],
  closed: [
    'M8 16h48v34H8z',
    'M8 18l18 14M56 18 38 32',
    'M32 43a8 8 0 1 0 0-16 8 8 0 0 0 0 16z',
    'M28.5 35.2l2.4 2.4 4.8-5',
  ],
};

export function Empty(of: {
  readonly drawing: EmptyDrawing;
  readonly sentence: string;
  readonly hint?: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <svg viewBox="0 0 64 64" aria-hidden="true">
        {drawings[of.drawing].map((path) => (
          <path key={path} d={path} />
        ))}
      </svg>
      <p class="empty-sentence">{of.sentence}</p>
      {of.hint ? <p class="meta">{of.hint}</p> : null}
      {of.children}
    </div>
  );
}
