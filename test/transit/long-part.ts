// Which part of a long test is wanted: SIEGEL_LONG=1 all of it, SIEGEL_LONG=3/10 the third tenth.

export interface LongPart {
  /** From 1. */
  readonly part: number;
  readonly parts: number;
}

/** Undefined: the short form. */
export function longPart(wanted = process.env['SIEGEL_LONG']): LongPart | undefined {
  if (wanted === '1') return { part: 1, parts: 1 };
  const [, part, parts] = /^(\d+)\/(\d+)$/.exec(wanted ?? '') ?? [];
  if (part === undefined || parts === undefined) return undefined;
  const found = { part: Number(part), parts: Number(parts) };
  if (found.part < 1 || found.part > found.parts)
    throw new Error(`SIEGEL_LONG=${part}/${parts}: there is no such part`);
  return found;
}

/** Numbers of the cases, `to` not among them; all parts together are all of them. */
export function partOf(count: number, { part, parts }: LongPart): { readonly from: number; readonly to: number } {
  return { from: Math.floor((count * (part - 1)) / parts), to: Math.floor((count * part) / parts) };
}
