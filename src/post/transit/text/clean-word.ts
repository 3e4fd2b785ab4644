// One spelling for what was read: composed letters, ligatures written out, no signs that cannot be seen.

const LIGATURES: Readonly<Record<string, string>> = {
  ﬀ: 'ff',
  ﬁ: 'fi',
  ﬂ: 'fl',
  ﬃ: 'ffi',
  ﬄ: 'ffl',
  ﬅ: 'ſt',
  ﬆ: 'st',
};

export function cleanWord(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[ﬀ-ﬆ]/g, (sign) => LIGATURES[sign] ?? sign)
    .replace(/[\p{Cc}\p{Cf}\p{Zs}]/gu, '');
}

const ADDRESS = /^\(?[\p{L}\d._-]+(@[\p{L}\d-]+)?(\.[\p{L}\d-]{2,})+[.,;)]*$/u;

/** Of mail or of a page: no word of any language, and read with no confidence at all where it is read well. */
export function isAddress(text: string): boolean {
  return text.length > 6 && /\p{L}/u.test(text) && ADDRESS.test(text);
}
