// Chip: 28 px high; states a fact, or opens what explains it.

import type { ComponentChildren } from 'preact';

export function Chip(of: {
  readonly kind?: 'seal' | 'warn' | 'text';
  readonly children: ComponentChildren;
  readonly onPress?: () => void;
  readonly expanded?: boolean;
  readonly label?: string;
}) {
  const kind = `chip chip-${of.kind ?? 'text'}`;
  if (!of.onPress) return <span class={kind}>{of.children}</span>;
  return (
    <button type="button" class={kind} aria-expanded={of.expanded} title={of.label} onClick={of.onPress}>
      {of.children}
    </button>
  );
}
