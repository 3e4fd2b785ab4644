// What lies over the mailbox, its banner, its toast, the composer, and the server's view, are parts of their own: fetched when the list stands, drawn when asked for.

import { useEffect } from 'preact/hooks';
import { useLater } from '../parts/use-later.ts';
import type { ComposerPlaceProps } from '../compose/composer-place.tsx';
import type { OverlaysProps } from './overlays.tsx';
import type { SafetyMarkProps } from '../safety/safety-mark.tsx';
import type { NoticeToastProps } from './notice-toast.tsx';
import type { PageBannerProps } from './page-banner.tsx';
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

/** Fetched with the others: it is needed most where there is no connection any more. */
export function BannerPlace(of: PageBannerProps) {
  const { state, extras } = of;
  const isDue = state.signedOut || !state.online || extras.recoveryDueMs !== undefined || extras.phraseMissing;
  const Part = useLater<PageBannerProps>(async () => (await import('./page-banner.tsx')).PageBanner, isDue);
  return Part ? <Part {...of} /> : null;
}

/** The place is there before anything is said in it: only so is it read aloud. */
export function ToastPlace(of: NoticeToastProps) {
  const Part = useLater<NoticeToastProps>(
    async () => (await import('./notice-toast.tsx')).NoticeToast,
    of.first !== undefined || of.state.notice !== undefined,
  );
  return (
    <div class="toast-place" role="status" aria-live="polite">
      {Part ? <Part {...of} /> : null}
    </div>
  );
}

/** Its words and its answer come after the list. */
export function SafetyMarkLater(of: SafetyMarkProps) {
  const Mark = useLater<SafetyMarkProps>(async () => (await import('../safety/safety-mark.tsx')).SafetyMark);
  return Mark ? <Mark {...of} /> : null;
}

async function fetchParts(): Promise<void> {
  await Promise.all([
    import('./overlays.tsx'),
    import('./notice-toast.tsx'),
    import('./page-banner.tsx'),
    import('./server-view.tsx'),
    import('../compose/composer-place.tsx'),
  ]);
}

export function ServerPlace(of: ServerViewProps) {
  const View = useLater<ServerViewProps>(async () => (await import('./server-view.tsx')).ServerView);
  return View ? <View {...of} /> : <main class="server-view" />;
}
