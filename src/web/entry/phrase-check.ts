// The recovery phrase as people type it, and which three words are asked again. Pure.

/** Lower case, one list of words, numbers in front of them ignored. */
export function tidyPhrase(typed: string): readonly string[] {
  return typed
    .toLowerCase()
    .normalize('NFKD')
    .split(/[\s,;]+/)
    .filter((part) => part !== '' && !/^\d+[.)]?$/.test(part));
}

/** Three different positions (0-based, ascending) of a phrase of `count` words, from three numbers below 1. */
export function askedPositions(count: number, randoms: readonly number[]): readonly number[] {
  const left = Array.from({ length: count }, (_, position) => position);
  const chosen: number[] = [];
  for (const random of randoms.slice(0, 3)) {
    const [position] = left.splice(Math.floor(random * left.length), 1);
    if (position !== undefined) chosen.push(position);
  }
  return chosen.toSorted((a, b) => a - b);
}
