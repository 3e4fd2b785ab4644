// Banner: one at a time, warn-soft, with what to do.

import type { ComponentChildren } from 'preact';
import type { IconName } from '../look/icons.ts';
import { Icon } from './icon.tsx';

export function Banner(of: {
  readonly icon: IconName;
  readonly children: ComponentChildren;
  readonly action?: ComponentChildren;
}) {
  return (
    <div class="banner" role="status">
      <Icon name={of.icon} />
      <span class="banner-text">{of.children}</span>
      {of.action}
    </div>
  );
}
