// What lies over the mailbox, and the server's view, are parts of their own: fetched when the list stands, drawn when asked for.

import { useEffect } from 'preact/hooks';
import { useLater } from '../parts/use-later.ts';
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

async function fetchParts(): Promise<void> {
  await Promise.all([import('./overlays.tsx'), import('./server-view.tsx')]);
}

export function ServerPlace(of: ServerViewProps) {
  const View = useLater<ServerViewProps>(async () => (await import('./server-view.tsx')).ServerView);
  return View ? <View {...of} /> : <main class="server-view" />;
}
