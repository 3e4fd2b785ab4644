// Every byte of a letter's body by its part: leaves decoded, the text around parts too. What a header says is only used to find and decode parts (RFC 2045, 2046).

import { limits } from '#base/limits.ts';
import { findContentType, type ContentType } from '#formats/message/content-type.ts';
import { decodeBase64, decodeQuotedPrintable } from '#formats/message/transfer-encoding.ts';

export interface Leaf {
  readonly place: string;
  readonly bytes: Uint8Array;
  /** "text/plain", lower case; what it says of itself. */
  readonly label: string;
  /** around: the text before, between and behind parts · unread: more or deeper than is looked at. */
  readonly as: 'part' | 'around' | 'unread';
}

interface Entity {
  readonly place: string;
  readonly depth: number;
}

export function walkParts(letter: Uint8Array): readonly Leaf[] {
  const walk = new Walk();
  walk.entity(Buffer.from(letter.buffer, letter.byteOffset, letter.length), { place: '', depth: 0 });
  return walk.leaves;
}

class Walk {
  readonly leaves: Leaf[] = [];
  #parts = 0;

  entity(bytes: Buffer, at: Entity): void {
    const { partsMax, depthMax } = limits.deskClassify;
    this.#parts += 1;
    if (this.#parts > partsMax || at.depth > depthMax) {
      if (this.#parts <= partsMax + 1) this.#leaf(bytes, at.place, '', 'unread');
      return;
    }
    const { fields, body } = splitEntity(bytes);
    const type = findContentType(fieldOf(fields, 'content-type') ?? 'text/plain');
    const label = labelOf(type);
    const coding = (fieldOf(fields, 'content-transfer-encoding') ?? '').trim().toLowerCase();
    const boundary = label.startsWith('multipart/') ? type?.parameters.get('boundary') : undefined;
    if (boundary !== undefined && boundary !== '' && this.#multipart(body, boundary, at)) return;
    const decoded = decode(body, coding);
    if (label === 'message/rfc822' || label === 'message/global')
      this.entity(decoded, { place: child(at.place, 1), depth: at.depth + 1 });
    else this.#leaf(decoded, at.place, label, 'part');
  }

  /** False: the boundary is not in it, so all of it is one leaf. */
  #multipart(body: Buffer, boundary: string, at: Entity): boolean {
    const cuts = cutsOf(body, boundary);
    const [first] = cuts;
    if (first === undefined) return false;
    const last = cuts.at(-1);
    const around = [body.subarray(0, first.start), ...(last?.isEnd === true ? [body.subarray(last.next)] : [])];
    this.#leaf(Buffer.concat(around), child(at.place, 0), '', 'around');
    let nth = 0;
    for (const [index, cut] of cuts.entries()) {
      if (cut.isEnd) break;
      const end = cuts[index + 1]?.start ?? body.length;
      nth += 1;
      this.entity(body.subarray(cut.next, Math.max(cut.next, end)), {
        place: child(at.place, nth),
        depth: at.depth + 1,
      });
      if (this.#parts > limits.deskClassify.partsMax) break;
    }
    return true;
  }

  #leaf(bytes: Uint8Array, place: string, label: string, as: Leaf['as']): void {
    this.leaves.push({ place, bytes, label, as });
  }
}

interface Cut {
  /** Where the line end before the boundary begins. */
  readonly start: number;
  /** Behind its line. */
  readonly next: number;
  readonly isEnd: boolean;
}

/** The lines that are this boundary, up to its end mark. */
function cutsOf(body: Buffer, boundary: string): readonly Cut[] {
  const mark = Buffer.from(`--${boundary}`, 'latin1');
  const cuts: Cut[] = [];
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) {
    if (at > 0 && body[at - 1] !== 0x0a) continue;
    const lineEnd = body.indexOf(0x0a, at);
    const next = lineEnd < 0 ? body.length : lineEnd + 1;
    const rest = body.toString('latin1', at + mark.length, Math.min(next, at + mark.length + 200)).trim();
    if (rest !== '' && rest !== '--') continue;
    const back = at > 1 && body[at - 2] === 0x0d ? 2 : at > 0 ? 1 : 0;
    cuts.push({ start: at - back, next, isEnd: rest === '--' });
    if (rest === '--' || cuts.length > limits.deskClassify.partsMax + 1) break;
  }
  return cuts;
}

/** Behind the first empty line lies the body; a first line that is no field begins it at once. */
function splitEntity(bytes: Buffer): { readonly fields: string; readonly body: Buffer } {
  const { headerBytesMax } = limits.deskClassify;
  if (bytes[0] === 0x0a) return { fields: '', body: bytes.subarray(1) };
  if (bytes[0] === 0x0d && bytes[1] === 0x0a) return { fields: '', body: bytes.subarray(2) };
  const ends = [bytes.indexOf('\r\n\r\n'), bytes.indexOf('\n\n')].filter((end) => end >= 0);
  const end = ends.length === 0 ? bytes.length : Math.min(...ends);
  const width = bytes[end] === 0x0d ? 4 : 2;
  const fields = bytes.toString('latin1', 0, Math.min(end, headerBytesMax));
  return { fields, body: bytes.subarray(Math.min(end + width, bytes.length)) };
}

/** The first of that name, unfolded. */
function fieldOf(fields: string, name: string): string | undefined {
  const found = new RegExp(`^${name}[ \\t]*:(.*(?:\\r?\\n[ \\t].*)*)`, 'im').exec(fields)?.[1];
  return found?.replaceAll(/\r?\n(?=[ \t])/g, '');
}

function labelOf(type: ContentType | undefined): string {
  return type?.mediaType ?? 'text/plain';
}

function decode(body: Buffer, coding: string): Buffer {
  if (coding === 'base64') return Buffer.from(decodeBase64(body));
  return coding === 'quoted-printable' ? Buffer.from(decodeQuotedPrintable(body)) : body;
}

function child(place: string, nth: number): string {
  return place === '' ? String(nth) : `${place}.${nth}`;
}
