// One bar of the collector's page: the share, and across its end the error as a line with two ends.

import { html } from 'hono/html';
import type { PublishedShare } from './publication.ts';

/** `scale`: the share that fills the whole width. The words beside it say the same. */
export function shareBar({ share, raw, error }: PublishedShare, scale: number): ReturnType<typeof html> {
  const [from, to] = [at(raw - error, scale), at(raw + error, scale)];
  return html`<svg aria-hidden="true">
    <rect class="figures-track" width="100%" height="24" rx="3" />
    <rect class="figures-fill" width="${at(share, scale)}%" height="24" rx="3" />
    <line class="figures-whisker-edge" x1="${from}%" x2="${to}%" y1="12" y2="12" />
    <line class="figures-whisker-edge" x1="${from}%" x2="${from}%" y1="7" y2="17" />
    <line class="figures-whisker-edge" x1="${to}%" x2="${to}%" y1="7" y2="17" />
    <line class="figures-whisker" x1="${from}%" x2="${to}%" y1="12" y2="12" />
    <line class="figures-whisker" x1="${from}%" x2="${from}%" y1="7" y2="17" />
    <line class="figures-whisker" x1="${to}%" x2="${to}%" y1="7" y2="17" />
  </svg>`;
}

/** Per cent of the width, two digits, within it. */
function at(share: number, scale: number): number {
  return Math.round(Math.min(1, Math.max(0, share / scale)) * 10_000) / 100;
}
