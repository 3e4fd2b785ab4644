// The name under which an attachment is saved: no paths, no control or direction characters, never empty, never too long.

const CHARACTERS_MAX = 120;
/** Controls, path and shell characters, and marks that turn the reading direction ("gpj.exe" shown as "exe.jpg"). */
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"*/:<>?\\|]/g; // eslint-disable-line no-control-regex
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

export function safeFileName(name: string): string {
  let clean = name.toWellFormed().normalize('NFC').replaceAll(unsafe, '_').replaceAll(/\s+/g, ' ').trim();
  clean = clean.replace(/^[.\s]+/, '').replace(/[.\s]+$/, '');
  if (reserved.test(clean)) clean = `_${clean}`;
  const letters = Array.from(clean);
  if (letters.length > CHARACTERS_MAX) {
    const ending = /\.[^.]{1,10}$/.exec(clean)?.[0] ?? '';
    clean = letters.slice(0, CHARACTERS_MAX - ending.length).join('') + ending;
  }
  return clean === '' ? 'attachment' : clean;
}
