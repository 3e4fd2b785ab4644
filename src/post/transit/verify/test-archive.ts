// For tests: a file of ours that is PDF/A-2u, unpacked into plain objects by hand, so that each rule can be broken by itself.

import { writeClaimedPdf } from '#formats/pdf/write-pdf.ts';
import { readPdf } from '#formats/pdf-read/pdf-document.ts';
import { listPages } from '#formats/pdf-read/page-list.ts';
import { isStream, type PdfValue } from '#formats/pdf-read/pdf-value.ts';
import { bytesOf, madePage, textOfBytes } from '../../../../test/papers/sample-pdfs.ts';
import { archiveFaults } from './archive-rules.ts';

/** Number of an object → its text between `obj` and `endobj`; streams are unpacked where they can be. */
export type Objects = ReadonlyMap<number, string>;

export interface Parts {
  readonly objects: Objects;
  readonly header: string;
  readonly trailer: string;
  readonly end: string;
}

const ID = '/ID [<0123456789abcdef> <0123456789abcdef>]';

export function takeApart(): Parts {
  const read = readPdf(writeClaimedPdf([madePage()], { coding: 'jbig2' }).bytes);
  if (!read.ok) throw new Error(read.error.kind);
  const document = read.value;
  const objects = new Map<number, string>();
  let root = 0;
  for (const number of document.numbers) {
    const value = document.get(number)?.value;
    if (value === undefined) continue;
    const type = isStream(value) ? textOf(value.dict.entries.get('Type')) : '';
    if (type === '/ObjStm' || type === '/XRef') continue;
    if (textOf(value).startsWith('<</Type /Catalog')) root = number;
    const unpacked = isStream(value) ? document.decode(value) : undefined;
    if (!isStream(value)) objects.set(number, textOf(value));
    else {
      const data = textOfBytes(unpacked?.ok === true ? unpacked.value : value.raw);
      const entries = [...value.dict.entries].filter(
        ([key]) => key !== 'Length' && (unpacked?.ok !== true || key !== 'Filter'),
      );
      const dict = entries.map(([key, one]) => `/${key} ${textOf(one)} `).join('');
      objects.set(number, `<<${dict}/Length ${data.length}>>stream\n${data}\nendstream`);
    }
  }
  return { objects, header: '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', trailer: `/Root ${root} 0 R ${ID}`, end: '%%EOF\n' };
}

function textOf(value: PdfValue | undefined): string {
  if (typeof value !== 'object' || value === null) return String(value);
  switch (value.kind) {
    case 'name':
      return `/${value.name}`;
    case 'string':
      return `<${Buffer.from(value.bytes).toString('hex')}>`;
    case 'ref':
      return `${value.number} 0 R`;
    case 'array':
      return `[${value.items.map(textOf).join(' ')}]`;
    case 'dict':
      return `<<${[...value.entries].map(([key, one]) => `/${key} ${textOf(one)}`).join(' ')}>>`;
    default:
      return textOf(value.dict);
  }
}

export function putTogether({ objects, header, trailer, end }: Parts): Uint8Array {
  let text = header;
  const size = Math.max(...objects.keys()) + 1;
  const places = new Map<number, number>();
  for (const [number, body] of objects) {
    places.set(number, text.length);
    text += `${number} 0 obj\n${body}\nendobj\n`;
  }
  const start = text.length;
  text += `xref\n0 ${size}\n`;
  for (let number = 0; number < size; number++) {
    const at = places.get(number);
    text += at === undefined ? '0000000000 65535 f \n' : `${String(at).padStart(10, '0')} 00000 n \n`;
  }
  return bytesOf(`${text}trailer\n<< /Size ${size} ${trailer} >>\nstartxref\n${start}\n${end}`);
}

/** What the rules say, as the verifier asks them. */
export function faultsOf(bytes: Uint8Array): readonly string[] {
  const read = readPdf(bytes);
  if (!read.ok) return [read.error.kind];
  const entries = listPages(read.value, 10);
  if (!entries.ok) return [entries.error.kind];
  const live = read.value.numbers.map((number) => read.value.get(number));
  const objects = live.filter((object) => object !== undefined);
  const missing = live.length - objects.length;
  return archiveFaults({ bytes, document: read.value, entries: entries.value, objects, missing });
}

/** The object that `mark` stands in, with one text in the place of another; the length of a stream is put right. */
export function changed(parts: Parts, mark: string, [from, to]: readonly [string, string]): Parts {
  const found = [...parts.objects].find(([, body]) => body.includes(mark) && body.includes(from));
  if (found === undefined) throw new Error(`nothing holds ${mark} and ${from}`);
  const [number, body] = found;
  const plain = body.replace(from, to);
  const [dict = '', data] = plain.split(/(?<=>>)stream\n/);
  const length = (data?.length ?? 0) - '\nendstream'.length;
  const whole = data === undefined ? plain : `${dict.replace(/\/Length \d+/, `/Length ${length}`)}stream\n${data}`;
  return { ...parts, objects: new Map([...parts.objects, [number, whole]]) };
}
