// A sender's file name for a terminal: without anything that could move the cursor or turn the writing round, and not too long.

const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

export function plainName(name: string, charactersMax: number): string {
  const letters = Array.from(name.replaceAll(UNSEEN, '�'));
  return letters.length <= charactersMax ? letters.join('') : `${letters.slice(0, charactersMax - 1).join('')}…`;
}
