// Rules of PDF/A-2 about what the numbers of colours mean: the output intent and its profile (ISO 19005-2 §6.2.3, ICC.1:2004-10 §7.2).

import {
  isArray,
  isDict,
  isStream,
  isString,
  nameOf,
  type PdfDict,
  type PdfStream,
} from '#formats/pdf-read/pdf-value.ts';
import type { ArchiveFile, Blame } from './archive-values.ts';

/** Device colours that the intent says the meaning of. */
export type Covered = ReadonlySet<string>;

const HEADER_BYTES = 128;
const TAGS_MAX = 100;
const COMPONENTS: Readonly<Record<string, number>> = { GRAY: 1, 'RGB ': 3, CMYK: 4 };
const DEVICES: Readonly<Record<string, string>> = { GRAY: 'DeviceGray', 'RGB ': 'DeviceRGB', CMYK: 'DeviceCMYK' };
/** Of a display with three primaries (§8.3.3). */
const MATRIX_TAGS = ['desc', 'cprt', 'wtpt', 'rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC'];

export function judgeIntent(file: ArchiveFile, catalog: PdfDict, blame: Blame): Covered {
  const { document } = file;
  const list = document.ask(catalog, 'OutputIntents');
  const intents = (isArray(list) ? list.items : []).map((item) => document.resolve(item));
  const profiles = new Set<PdfStream>();
  const covered = new Set<string>();
  for (const intent of intents) {
    if (!isDict(intent) || nameOf(document.ask(intent, 'S')) !== 'GTS_PDFA1') {
      blame('6.2.3', 'an output intent of another kind');
      continue;
    }
    for (const key of ['OutputConditionIdentifier', 'Info'])
      if (!isString(document.ask(intent, key))) blame('6.2.3', `an output intent without ${key}`);
    if (intent.entries.has('DestOutputProfileRef')) blame('6.2.3', 'a profile in another file');
    const profile = document.ask(intent, 'DestOutputProfile');
    if (isStream(profile)) profiles.add(profile);
    else blame('6.2.3', 'an output intent without its profile');
  }
  if (profiles.size > 1) blame('6.2.3', 'several profiles for output');
  for (const profile of profiles) {
    const space = spaceOf(file, profile, blame);
    // grey can be told by any of them (§6.2.4.3)
    if (space !== undefined) covered.add(DEVICES[space] ?? space).add('DeviceGray');
  }
  return covered;
}

/** Of a profile that may stand in the file. */
function spaceOf({ document }: ArchiveFile, stream: PdfStream, blame: Blame): string | undefined {
  const decoded = document.decode(stream);
  const fault = (what: string): undefined => {
    blame('6.2.3', what);
  };
  if (!decoded.ok || decoded.value.length < HEADER_BYTES + 4) return fault('a profile that cannot be read');
  const bytes = decoded.value;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  const space = word(16);
  if (view.getUint32(0) !== bytes.length || word(36) !== 'acsp') return fault('no colour profile');
  const major = view.getUint8(8);
  if (major !== 2 && major !== 4) return fault('a profile of another version');
  if (word(12) !== 'mntr' && word(12) !== 'prtr') return fault('a profile of no output device');
  if (COMPONENTS[space] !== document.ask(stream, 'N')) return fault('a profile of other components');
  const count = view.getUint32(HEADER_BYTES);
  const table = HEADER_BYTES + 4 + count * 12;
  if (count > TAGS_MAX || table > bytes.length) return fault('a profile that is cut off');
  const tags = new Set<string>();
  for (let at = HEADER_BYTES + 4; at < table; at += 12) {
    tags.add(word(at));
    if (view.getUint32(at + 4) + view.getUint32(at + 8) > bytes.length) return fault('a profile that is cut off');
  }
  const isWhole = tags.has('A2B0') || (space === 'RGB ' && MATRIX_TAGS.every((tag) => tags.has(tag)));
  const isGrey = space === 'GRAY' && tags.has('kTRC');
  return isWhole || isGrey ? space : fault('a profile without what it needs');
}
