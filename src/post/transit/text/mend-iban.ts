// Letters read for figures inside an account number, put right only where its own check digits then agree (ISO 13616).

import type { Word } from '../contract.ts';

/** Of countries whose numbers are figures throughout; the length with both letters. */
const LENGTHS: Readonly<Record<string, number>> = { DE: 22, AT: 20 };
const FIGURE_FOR: Readonly<Record<string, string>> = {
  O: '0',
  o: '0',
  I: '1',
  l: '1',
  '|': '1',
  S: '5',
  B: '8',
  Z: '2',
};
const LIKE_FIGURES = /^[0-9OoIl|SBZ]+$/;

export function mendIbans(line: readonly Word[]): readonly Word[] {
  const mended = [...line];
  for (let index = 0; index < line.length; index++) {
    const groups = groupsFrom(line, index);
    if (groups === undefined) continue;
    groups.forEach((text, offset) => {
      const word = line[index + offset];
      if (word !== undefined && word.text !== text) mended[index + offset] = { ...word, text };
    });
    index += groups.length - 1;
  }
  return mended;
}

/** The words of the number that begins here, in figures; undefined: none does, or its check digits do not agree. */
function groupsFrom(line: readonly Word[], index: number): readonly string[] | undefined {
  const [, before = '', country = ''] = /^(\(?)([A-Z]{2})/.exec(line[index]?.text ?? '') ?? [];
  const length = LENGTHS[country];
  if (length === undefined) return undefined;
  const groups: string[] = [];
  let number = '';
  for (let at = index; number.length < length; at++) {
    const text = line[at]?.text;
    const own = at === index ? (text ?? '').slice(before.length + 2) : (text ?? '');
    const [, signs = '', after = ''] = /^(.*?)([.,;:)]*)$/.exec(own) ?? [];
    if (text === undefined || !LIKE_FIGURES.test(signs)) return undefined;
    const figures = Array.from(signs, (sign) => FIGURE_FOR[sign] ?? sign).join('');
    number += at === index ? country + figures : figures;
    groups.push(at === index ? before + country + figures + after : figures + after);
  }
  return number.length === length && isTrue(number) ? groups : undefined;
}

function isTrue(number: string): boolean {
  const turned = number.slice(4) + number.slice(0, 4);
  let rest = 0;
  for (const sign of turned)
    for (const figure of String(Number.parseInt(sign, 36))) rest = (rest * 10 + Number(figure)) % 97;
  return rest === 1;
}
