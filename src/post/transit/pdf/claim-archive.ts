// The claim of PDF/A-2u put into a file that pdf-lib writes (ISO 19005-2 §6.1.3, §6.2.3, §6.6); whether it is true is for a checker to say.

import { PDFHexString, PDFName, PDFRawStream, PDFString, type PDFContext, type PDFDict } from '@cantoo/pdf-lib';
import { createHash } from 'node:crypto';
import { CLAIMED_SPACE, claimPacket } from '#formats/pdf/archive-claim.ts';
import { srgbProfile } from '#formats/pdf/srgb-profile.ts';

const ID_DIGITS = 32;

/** After everything else: the file's identifier is that of its objects, so that the same file has the same one. */
export function claimArchive(context: PDFContext, catalog: PDFDict): void {
  const packet = PDFRawStream.of(context.obj({ Type: 'Metadata', Subtype: 'XML' }), claimPacket());
  const intent = context.obj({
    Type: 'OutputIntent',
    S: 'GTS_PDFA1',
    OutputConditionIdentifier: PDFString.of(CLAIMED_SPACE),
    Info: PDFString.of(CLAIMED_SPACE),
    DestOutputProfile: context.register(context.flateStream(srgbProfile(), { N: 3 })),
  });
  catalog.set(PDFName.of('Metadata'), context.register(packet));
  catalog.set(PDFName.of('OutputIntents'), context.obj([intent]));
  const id = PDFHexString.of(identifier(context));
  context.trailerInfo.ID = context.obj([id, id]);
}

function identifier(context: PDFContext): string {
  const hash = createHash('sha256');
  for (const [ref, object] of context.enumerateIndirectObjects()) {
    hash.update(`${ref.toString()} `);
    if (object instanceof PDFRawStream) hash.update(object.dict.toString()).update(object.contents);
    else hash.update(object.toString());
  }
  return hash.digest('hex').slice(0, ID_DIGITS);
}
