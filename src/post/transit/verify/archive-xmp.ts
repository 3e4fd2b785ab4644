// Rules of PDF/A-2 about metadata: one packet in the catalogue that says which PDF/A the file is, in schemas that are known (ISO 19005-2 §6.6).

import { isStream, nameOf, type PdfDict } from '#formats/pdf-read/pdf-value.ts';
import { isUtf8, type ArchiveFile, type Blame } from './archive-values.ts';

/** The packet as we know it: other forms of the same may be right, and are not agreed to. */
const PACKET =
  /^<\?xpacket begin=["'](?:\ufeff)?["'] id=["']W5M0MpCehiHzreSzNTczkc9d["']\?>\s*([^]*?)\s*<\?xpacket end=["'][rw]["']\?>\s*$/;
const BODY =
  /^<x:xmpmeta xmlns:x="adobe:ns:meta\/">\s*<rdf:RDF xmlns:rdf="http:\/\/www\.w3\.org\/1999\/02\/22-rdf-syntax-ns#">\s*<rdf:Description rdf:about="" xmlns:pdfaid="http:\/\/www\.aiim\.org\/pdfa\/ns\/id\/">([^]*?)<\/rdf:Description>\s*<\/rdf:RDF>\s*<\/x:xmpmeta>$/;
const CLAIM = /^\s*<pdfaid:part>2<\/pdfaid:part>\s*<pdfaid:conformance>U<\/pdfaid:conformance>\s*$/;

export function judgeClaim(file: ArchiveFile, catalog: PdfDict, blame: Blame): void {
  const metadata = file.document.ask(catalog, 'Metadata');
  if (!isStream(metadata)) return blame('6.6.2.1', 'no metadata in the catalogue');
  const { document } = file;
  if (nameOf(document.ask(metadata, 'Type')) !== 'Metadata' || nameOf(document.ask(metadata, 'Subtype')) !== 'XML')
    blame('6.6.2.1', 'metadata that do not say what they are');
  const decoded = document.decode(metadata);
  if (!decoded.ok || !isUtf8(decoded.value)) return blame('6.6.2.1', 'metadata that cannot be read');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(decoded.value);
  if (/<\?xpacket begin[^?]*\b(?:bytes|encoding)\s*=/.test(text)) blame('6.6.2.1', 'a packet with bytes or encoding');
  const body = PACKET.exec(text)?.[1];
  if (body === undefined) return blame('6.6.2.1', 'metadata in no packet');
  const part = /pdfaid:part(?:>|\s*=\s*["'])(\d+)/.exec(body)?.[1];
  const level = /pdfaid:conformance(?:>|\s*=\s*["'])(\w+)/.exec(body)?.[1];
  if (part !== '2') return blame('6.6.4', part === undefined ? 'no claim of PDF/A' : `a claim of PDF/A-${part}`);
  if (level !== 'U') return blame('6.6.4', `a claim of level ${level ?? 'none'}`);
  const inside = BODY.exec(body)?.[1];
  if (inside === undefined || !CLAIM.test(inside)) blame('6.6.2.3.1', 'metadata beside the claim');
  return undefined;
}

/** Whether the metadata of the catalogue say nothing beside the claim. */
export function isClaimAlone(file: ArchiveFile): boolean {
  const { catalog } = file.document;
  let faults = 0;
  if (catalog !== undefined) judgeClaim(file, catalog, () => (faults += 1));
  return catalog !== undefined && faults === 0;
}
