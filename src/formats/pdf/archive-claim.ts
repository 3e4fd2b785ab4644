// What makes a file of ours one for archives: the claim of PDF/A-2u in XMP, and the colour space that its numbers mean (ISO 19005-2 §6.2.3, §6.6).

import { latin1, ref, type PdfFile } from './pdf-file.ts';
import { srgbProfile } from './srgb-profile.ts';

/** The byte order mark in UTF-8: by it a reader of XMP alone knows the coding (ISO 16684-1 §7.3.2). */
const MARK = '\u00ef\u00bb\u00bf';

/** Nothing about who, when or with what; not packed, so that programs that know no PDF find it. */
const PACKET =
  `<?xpacket begin="${MARK}" id="W5M0MpCehiHzreSzNTczkc9d"?>` +
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">' +
  '<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>' +
  '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>';

/** The claim as XMP; the same bytes always. */
export function claimPacket(): Uint8Array {
  return latin1(PACKET);
}

/** What such a colour space is called where it is named. */
export const CLAIMED_SPACE = 'sRGB';

/** Entries of the catalogue that lead to what was put. */
export function putClaim(file: PdfFile): string {
  const packet = file.putStream('/Type/Metadata/Subtype/XML', claimPacket(), 'asIs');
  const profile = file.putStream('/N 3', srgbProfile(), 'packed');
  const intent =
    `<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(${CLAIMED_SPACE})/Info(${CLAIMED_SPACE})` +
    `/DestOutputProfile ${ref(profile)}>>`;
  return `/Metadata ${ref(packet)}/OutputIntents[${intent}]`;
}
