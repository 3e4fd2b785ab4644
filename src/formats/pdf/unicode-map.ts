// Which letter each code of a font stands for, so that text can be found and copied (ISO 32000-1 §9.10.3).

const BLOCK_MAX = 100; // pairs

/** Code 1 is the first letter; `digits`: 2 for codes of one byte, 4 for two. */
export function unicodeMap(letters: readonly string[], digits: 2 | 4): string {
  const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0');
  const pairs = letters.map((letter, index) => {
    const units = Array.from({ length: letter.length }, (_, at) => hex(letter.charCodeAt(at), 4));
    return `<${hex(index + 1, digits)}><${units.join('')}>`;
  });
  const blocks: string[] = [];
  for (let from = 0; from < pairs.length; from += BLOCK_MAX) {
    const block = pairs.slice(from, from + BLOCK_MAX);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return [
    '/CIDInit/ProcSet findresource begin',
    '12 dict begin',
    'begincmap',
    '/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def',
    '/CMapName/Adobe-Identity-UCS def',
    '/CMapType 2 def',
    `1 begincodespacerange\n<${'0'.repeat(digits)}><${'f'.repeat(digits)}>\nendcodespacerange`,
    ...blocks,
    'endcmap',
    'CMapName currentdict/CMap defineresource pop',
    'end',
    'end',
  ].join('\n');
}
