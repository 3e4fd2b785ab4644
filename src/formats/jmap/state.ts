// State strings: era.modseq, and era.modseq.base[.id] in the middle of a long answer to /changes (RFC 8620 §§1.2, 5.2).

export interface State {
  readonly era: number;
  readonly modseq: number;
  /**
   * Where a paged run of /changes began. Something made after `base` and changed again later than `modseq` has not been
   * told yet, so it must still be told as created. Equal to `modseq` when no run is under way.
   */
  readonly base: number;
  /** Of what shares `modseq`, only ids up to this one have been told; undefined: all. */
  readonly untilId: string | undefined;
}

const PATTERN = /^(\d{1,10})\.(\d{1,16})(?:\.(\d{1,16})(?:\.([a-z2-7]{26}))?)?$/;

export function formatState({ era, modseq, base, untilId }: State): string {
  if (untilId !== undefined) return `${era}.${modseq}.${base}.${untilId}`;
  return base === modseq ? `${era}.${modseq}` : `${era}.${modseq}.${base}`;
}

/** A state in which everything has been told. */
export function stateAt(era: number, modseq: number): string {
  return `${era}.${modseq}`;
}

/** Text → state, or undefined when it never was one of ours. */
export function parseState(text: string): State | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const modseq = Number(match[2]);
  const base = match[3] === undefined ? modseq : Number(match[3]);
  if (!Number.isSafeInteger(modseq) || base > modseq) return undefined;
  return { era: Number(match[1]), modseq, base, untilId: match[4] };
}

/** The state to continue from, when `text` is one this era gave out and not from the future. */
export function sinceState(text: string, era: number, modseq: number): State | undefined {
  const since = parseState(text);
  return since !== undefined && since.era === era && since.modseq <= modseq ? since : undefined;
}
