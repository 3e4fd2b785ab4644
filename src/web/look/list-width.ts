// How wide the list is on a wide screen: its bounds, and what a key makes of it. Pure.

export const listWidth = { first: 400, min: 320, max: 520, step: 16 } as const;

export function boundListWidth(width: number): number {
  return Number.isFinite(width) ? Math.round(Math.min(listWidth.max, Math.max(listWidth.min, width))) : listWidth.first;
}

/** undefined: the key does not move the line. */
export function listWidthAfter(key: string, width: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
      return boundListWidth(width - listWidth.step);
    case 'ArrowRight':
      return boundListWidth(width + listWidth.step);
    case 'Home':
      return listWidth.min;
    case 'End':
      return listWidth.max;
    case 'Enter':
      return listWidth.first;
    default:
      return undefined;
  }
}
