// Names that German courts accept (ERVB 2022 no. 2): letters incl. ÄÖÜß, digits, _ and -, at most 90 characters, numbered.

import { limits } from '#base/limits.ts';

export interface FileToName {
  /** As its sender wrote it; not to be trusted. */
  readonly name: string;
  /** It goes back as a PDF, whatever it came as. */
  readonly isPdf: boolean;
}

const ENDING = /\.([a-z0-9]{1,8})$/i;
const SIGNATURE = /\.(p7s|p7m|pkcs7)$/i;
/** Names that some systems take for a device, whatever stands behind the dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * In the order given. `01_Klageschrift.pdf`; a detached signature keeps the whole name of what it signs
 * (`01_Klageschrift.pdf.p7s`), as programs that check it expect.
 */
export function nameFiles(files: readonly FileToName[]): readonly string[] {
  const digits = Math.max(2, String(files.length).length);
  const named = files.map(({ name, isPdf }, index) => {
    const number = `${String(index + 1).padStart(digits, '0')}_`;
    const ending = isPdf ? 'pdf' : endingOf(name);
    const room = limits.transit.nameCharacters - number.length - (ending === '' ? 0 : ending.length + 1);
    const stem = trimmed(stemOf(name).slice(0, room));
    const body = `${number}${stem === '' || DEVICE.test(stem) ? 'Datei' : stem}`;
    return ending === '' ? body : `${body}.${ending}`;
  });
  return files.map((file, index) => withSigned(files, named, index) ?? named[index] ?? file.name);
}

/** The signature's new name, when what it signs travels in the same letter. */
function withSigned(files: readonly FileToName[], named: readonly string[], index: number): string | undefined {
  const own = files[index]?.name ?? '';
  if (!SIGNATURE.test(own) || files[index]?.isPdf === true) return undefined;
  const meant = own.replace(SIGNATURE, '');
  const signed = files.findIndex(({ name }, i) => i !== index && name === meant);
  const name = signed < 0 ? undefined : named[signed];
  const first = files.findIndex((file) => file.name === own) === index;
  if (name === undefined || !first) return undefined;
  const whole = `${name}.${endingOf(own)}`;
  return whole.length <= limits.transit.nameCharacters ? whole : undefined;
}

function endingOf(name: string): string {
  return ENDING.exec(lastPart(name))?.[1]?.toLowerCase() ?? '';
}

/** Without path, ending and what no court takes; other letters of Europe lose their marks first. */
function stemOf(name: string): string {
  const plain = lastPart(name)
    .replace(SIGNATURE, '')
    .replace(ENDING, '')
    // a number that an earlier round put in front
    .replace(/^\d{2,4}_(?=\D)/, '');
  const letters = Array.from(plain.normalize('NFC'), (letter) =>
    /[A-Za-z0-9_ÄÖÜäöüß-]/.test(letter) ? letter : bare(letter),
  );
  return trimmed(letters.join('').replaceAll(/_{2,}/g, '_'));
}

function bare(letter: string): string {
  const base = letter.normalize('NFD').replaceAll(/\p{M}/gu, '');
  if (/^[A-Za-z0-9]$/.test(base)) return base;
  // marks that are not seen leave nothing, all else leaves a gap
  return /^\p{C}$|^$/u.test(base) ? '' : '_';
}

function lastPart(name: string): string {
  return name.split(/[/\\]/).findLast((part) => part.trim() !== '') ?? '';
}

function trimmed(text: string): string {
  return text.replaceAll(/^[_-]+|[_-]+$/g, '');
}
