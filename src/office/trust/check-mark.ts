// The round sign on pages without script: checked, or something that needs a person.

import { html } from 'hono/html';

/** Checked, or the gap and the stroke that want to be looked at. */
export function checkMark(isWell: boolean): ReturnType<typeof html> {
  return isWell
    ? html`<svg class="seal-mark" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" stroke-width="2" />
        <path
          d="M8 12.5l2.7 2.7L16.2 9.6"
          fill="none"
          stroke="currentColor"
          stroke-width="2"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>`
    : html`<svg class="seal-mark" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
        <circle
          cx="12"
          cy="12"
          r="8"
          fill="none"
          stroke="currentColor"
          stroke-width="2"
          stroke-dasharray="41.3 9"
          transform="rotate(-61 12 12)"
        />
        <path d="M12 7.6v5" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
        <circle cx="12" cy="16" r="1.3" fill="currentColor" />
      </svg>`;
}
