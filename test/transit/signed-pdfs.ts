// PDFs that are really signed: a CMS signature of the file's bytes by openssl, as pdfsig checks it (ISO 32000-2 §12.8).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOf, pdfByHand, streamByHand, textOfBytes } from '../papers/sample-pdfs.ts';

const ROOM = 16_384;

/** Signs as one does with `openssl`: DER, without the content. */
function cms(content: Uint8Array): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-signing-'));
  const at = (name: string): string => join(folder, name);
  const run = (args: readonly string[]): void => {
    const done = spawnSync('openssl', args, { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
  };
  try {
    writeFileSync(at('content'), content);
    run([
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=Kanzlei Muster',
      '-days',
      '30',
      '-keyout',
      at('key'),
      '-out',
      at('cert'),
    ]);
    run([
      'cms',
      '-sign',
      '-binary',
      '-md',
      'sha256',
      '-signer',
      at('cert'),
      '-inkey',
      at('key'),
      '-in',
      at('content'),
      '-outform',
      'DER',
      '-out',
      at('cms'),
    ]);
    return readFileSync(at('cms'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A letter of one page with one signature over all of it but the signature itself. */
export function signedPdf(line = 'Diese Seite ist unterschrieben.'): Uint8Array {
  const padding = '0'.repeat(ROOM);
  const range = 'x'.repeat(4 * 10 + 3);
  const draft = pdfByHand([
    '<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [5 0 R] >> >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [5 0 R] /Resources << /Font << /F 7 0 R >> >> >>',
    streamByHand('', `BT /F 14 Tf 70 700 Td (${line}) Tj ET ${'% fuellt '.repeat(400)}`),
    '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Unterschrift) /Rect [0 0 0 0] /F 132 /P 3 0 R /V 6 0 R >>',
    `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /M (D:20260102030405Z) /Contents <${padding}> /ByteRange [${range}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]);
  const text = textOfBytes(draft);
  const start = text.indexOf(`<${padding}>`);
  const end = start + ROOM + 2;
  const figures = [0, start, end, text.length - end].map((figure) => String(figure).padStart(10)).join(' ');
  const ranged = text.replace(range, figures);
  const covered = bytesOf(ranged.slice(0, start) + ranged.slice(end));
  const hex = cms(covered).toString('hex').padEnd(ROOM, '0');
  return bytesOf(`${ranged.slice(0, start)}<${hex}>${ranged.slice(end)}`);
}

/** A signature in a file of its own: `brief.pdf.p7s`. */
export function signatureOf(bytes: Uint8Array): Uint8Array {
  return cms(bytes);
}
