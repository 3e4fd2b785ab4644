// What lies over the mailbox, the composer, and the server's view, are parts of their own: fetched when the list stands, drawn when asked for.

import { useEffect } from 'preact/hooks';
import { useLater } from '../parts/use-later.ts';
import type { ComposerPlaceProps } from '../compose/composer-place.tsx';
import type { OverlaysProps } from './overlays.tsx';
import type { ServerViewProps } from './server-view.tsx';

const FETCH_AFTER_MS = 1_000;

export function OverlayPlace(of: OverlaysProps) {
  const Overlays = useLater<OverlaysProps>(
    async () => (await import('./overlays.tsx')).Overlays,
    of.shown.overlay !== undefined,
  );
  useEffect(() => {
    // Before a key needs them, and so that they are here without a connection too.
    const timer = setTimeout(() => void fetchParts().catch(() => undefined), FETCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return Overlays ? <Overlays {...of} /> : null;
}

export function ComposeLater(of: ComposerPlaceProps) {
  const Place = useLater<ComposerPlaceProps>(
    async () => (await import('../compose/composer-place.tsx')).ComposerPlace,
    of.asked.ask !== undefined,
  );
  return Place ? <Place {...of} /> : null;
}

async function fetchParts(): Promise<void> {
  await Promise.all([import('./overlays.tsx'), import('./server-view.tsx'), import('../compose/composer-place.tsx')]);
}

export function ServerPlace(of: ServerViewProps) {
  const View = useLater<ServerViewProps>(async () => (await import('./server-view.tsx')).ServerView);
  return View ? <View {...of} /> : <main class="server-view" />;
}
