// Button: primary (ink), outline, plain, link, danger (ink outline and an exact verb).

import type { ComponentChildren } from 'preact';

export type ButtonKind = 'primary' | 'outline' | 'plain' | 'link' | 'danger';

export function Button(of: {
  readonly kind: ButtonKind;
  readonly children: ComponentChildren;
  readonly onPress?: () => void;
  readonly submits?: boolean;
  readonly wide?: boolean;
  readonly tall?: boolean;
  readonly disabled?: boolean;
  readonly focus?: boolean;
}) {
  const classes = ['button', `button-${of.kind}`];
  if (of.wide) classes.push('button-wide');
  if (of.tall) classes.push('button-tall');
  return (
    <button
      type={of.submits ? 'submit' : 'button'}
      class={classes.join(' ')}
      disabled={of.disabled === true}
      autofocus={of.focus === true}
      onClick={of.onPress}
    >
      {of.children}
    </button>
  );
}
