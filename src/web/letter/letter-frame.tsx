// LetterFrame: a letter's HTML behind its walls; measures itself, hands keys to the page, turns dark with it.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useWords } from '../parts/speech.tsx';
import { darkenFrame } from './darken-frame.ts';
import { frameDocument, frameSandbox } from './frame-document.ts';
import { letterPolicy } from './page-walls.ts';
import type { PurifiedLetter } from './purify.ts';

const LEAST_ZOOM = 0.45;

/** A letter wider than the pane is shrunk to fit, as far as it stays readable; beyond that it scrolls sideways. */
function fit(frame: HTMLIFrameElement, page: Document): void {
  const body = page.body;
  body.style.removeProperty('zoom');
  const wide = page.documentElement.scrollWidth;
  const room = frame.clientWidth;
  if (wide > room + 1 && room > 0) body.style.setProperty('zoom', String(Math.max(LEAST_ZOOM, room / wide)));
  frame.style.height = `${Math.max(24, Math.ceil(body.getBoundingClientRect().height))}px`;
}

export function LetterFrame(of: {
  readonly letter: PurifiedLetter;
  readonly dark: boolean;
  readonly onKey: (event: KeyboardEvent) => void;
}) {
  const words = useWords();
  const place = useRef<HTMLIFrameElement>(null);
  const [ready, setReady] = useState(false);
  const text = useMemo(() => letterPolicy.createHTML(frameDocument(of.letter)), [of.letter]);
  useEffect(() => {
    const frame = place.current;
    if (!frame) return undefined;
    setReady(false);
    const watch = new ResizeObserver(() => {
      if (frame.contentDocument) fit(frame, frame.contentDocument);
    });
    const loaded = (): void => {
      const page = frame.contentDocument;
      if (!page) return;
      page.documentElement.lang = '';
      if (of.dark) darkenFrame(page);
      fit(frame, page);
      for (const image of page.images) image.addEventListener('load', () => fit(frame, page));
      page.addEventListener('keydown', of.onKey);
      watch.observe(frame);
      setReady(true);
    };
    frame.addEventListener('load', loaded);
    frame.srcdoc = text;
    return () => {
      frame.removeEventListener('load', loaded);
      watch.disconnect();
    };
  }, [text, of.dark]);
  return (
    <iframe
      ref={place}
      class="letter-frame"
      data-ready={ready ? '' : undefined}
      title={words.letter.body}
      sandbox={frameSandbox}
      referrerpolicy="no-referrer"
    />
  );
}
