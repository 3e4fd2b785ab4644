// IconButton: 36 px with a 20 px icon; always named, and the tooltip names the key.

import type { IconName } from '../look/icons.ts';
import { Icon } from './icon.tsx';

export function IconButton(of: {
  readonly icon: IconName;
  readonly label: string;
  readonly onPress: (at: HTMLElement) => void;
  readonly hotkey?: string;
  /** By which a menu finds the button it stands at. */
  readonly name?: string;
  readonly filled?: boolean;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly disabled?: boolean;
}) {
  const pressed = of.pressed === undefined ? {} : { 'aria-pressed': of.pressed };
  const expanded = of.expanded === undefined ? {} : { 'aria-expanded': of.expanded };
  return (
    <button
      type="button"
      class="icon-button"
      data-name={of.name}
      aria-label={of.label}
      title={of.hotkey ? `${of.label} (${of.hotkey})` : of.label}
      disabled={of.disabled === true}
      {...pressed}
      {...expanded}
      onClick={(event) => of.onPress(event.currentTarget)}
    >
      <Icon name={of.icon} filled={of.filled === true} />
    </button>
  );
}
