// Icon: one line drawing of the sprite that tools/build-page.ts puts into each document.

import type { IconName } from '../look/icons.ts';

export function Icon({ name, filled = false }: { readonly name: IconName; readonly filled?: boolean }) {
  return (
    <svg class={filled ? 'icon icon-filled' : 'icon'} aria-hidden="true" focusable="false">
      <use href={`#i-${name}`} />
    </svg>
  );
}
