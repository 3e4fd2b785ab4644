// Attachments made here: PDF pages of text, drawn pictures, tables, calendar entries. All of them open in ordinary programs.

import { crc32, deflateSync } from 'node:zlib';
import type { SampleFile } from './sample-letter-text.ts';

/** One A4 page: a heading and lines of text (ISO 32000-1; the standard fonts need no embedding). */
export function pdfFile(name: string, heading: string, lines: readonly string[]): SampleFile {
  const show = (text: string, size: number, y: number): string =>
    `BT /F${size > 12 ? 2 : 1} ${size} Tf 72 ${y} Td (${text.replaceAll(/[\\()]/g, '\\$&')}) Tj ET\n`;
  const wrapped = lines.flatMap((line) => line.match(/.{1,82}(?:\s|$)/g) ?? ['']);
  const page = show(heading, 16, 750) + wrapped.map((line, at) => show(line.trimEnd(), 11, 715 - at * 16)).join('');
  const content = Buffer.from(page.replaceAll(/[–—]/g, '-').replaceAll('€', '\u0080').replaceAll('…', '...'), 'latin1');
  const font = (base: string): string =>
    `<< /Type /Font /Subtype /Type1 /BaseFont /${base} /Encoding /WinAnsiEncoding >>`;
  const objects: readonly (string | Buffer)[] = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>',
    Buffer.concat([Buffer.from(`<< /Length ${content.length} >>\nstream\n`), content, Buffer.from('\nendstream')]),
    font('Helvetica'),
    font('Helvetica-Bold'),
  ];
  const chunks = [Buffer.from('%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1')];
  const offsets: number[] = [];
  const sizeOf = (): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  for (const [at, object] of objects.entries()) {
    offsets.push(sizeOf());
    chunks.push(Buffer.from(`${at + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n'));
  }
  const startsAt = sizeOf();
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  const trailer = `trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${startsAt}\n%%EOF\n`;
  chunks.push(Buffer.from(`xref\n0 ${count}\n0000000000 65535 f \n${rows}${trailer}`));
  return { name, type: 'application/pdf', bytes: Buffer.concat(chunks) };
}

export type Colour = readonly [red: number, green: number, blue: number];

/** Colour of a point, both coordinates from 0 to 1. */
export type Paint = (x: number, y: number) => Colour;

/** A PNG of `width` × `height` points (W3C PNG §11). */
export function pngFile(name: string, [width, height]: readonly [number, number], paint: Paint): SampleFile {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * (1 + width * 3) + 1 + x * 3;
      for (const [part, value] of paint(x / width, y / height).entries())
        rows[at + part] = Math.max(0, Math.min(255, Math.round(value)));
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const bytes = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', head),
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
  return { name, type: 'image/png', bytes };
}

function pngChunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(content.length, 0);
  around.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
}

export function csvFile(name: string, rows: readonly (readonly string[])[]): SampleFile {
  const text = rows.map((row) => row.map((cell) => (/[;"]/.test(cell) ? `"${cell}"` : cell)).join(';')).join('\r\n');
  return { name, type: 'text/csv; charset=utf-8', bytes: new TextEncoder().encode(`\u{feff}${text}\r\n`) };
}

export interface SampleMeeting {
  readonly uid: string;
  readonly title: string;
  readonly place: string;
  readonly organiser: string;
  readonly guests: readonly string[];
  readonly startMs: number;
  readonly minutes: number;
  readonly madeMs: number;
}

/** An invitation (RFC 5545 §3.6.1, RFC 5546 §3.2.2). */
export function meetingText(of: SampleMeeting): string {
  const stamp = (timeMs: number): string => new Date(timeMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const quoted = (text: string): string => text.replaceAll(/[\\;,]/g, '\\$&');
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//siegel//sample office//EN',
    'METHOD:REQUEST',
    'BEGIN:VEVENT',
    `UID:${of.uid}`,
    `DTSTAMP:${stamp(of.madeMs)}`,
    `DTSTART:${stamp(of.startMs)}`,
    `DTEND:${stamp(of.startMs + of.minutes * 60_000)}`,
    `SUMMARY:${quoted(of.title)}`,
    `LOCATION:${quoted(of.place)}`,
    `ORGANIZER:mailto:${of.organiser}`,
    ...of.guests.map((guest) => `ATTENDEE;RSVP=TRUE:mailto:${guest}`),
    'STATUS:CONFIRMED',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}
