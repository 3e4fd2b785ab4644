// Whether a file is an electronic invoice and nothing else: XML whose root is that of UBL or of CII, as XRechnung has them (EN 16931, CEN/TS 16931-3).

const LOOK_BYTES = 16 * 1024;
const NAMESPACES = [
  'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2',
  'urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2',
  'urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100',
  'urn:ferd:CrossIndustryDocument:invoice:1p0',
];
const ROOTS: ReadonlySet<string> = new Set(['Invoice', 'CreditNote', 'CrossIndustryInvoice', 'CrossIndustryDocument']);
/** What may stand before the root: declaration, comments, other instructions, blanks. */
const BEFORE = /^(?:\s|<\?[^]*?\?>|<!--[^]*?-->)*/;
const ROOT = /^<(?:[\w.-]+:)?([\w.-]+)((?:\s[^<>]*)?)>/;

/** By its root, never by its name. Reads the beginning only and resolves nothing. */
export function isInvoiceXml(bytes: Uint8Array): boolean {
  const text = beginning(bytes.subarray(0, LOOK_BYTES));
  const [, name = '', attributes = ''] = ROOT.exec(text.slice(BEFORE.exec(text)?.[0].length ?? 0)) ?? [];
  return (
    ROOTS.has(name) && NAMESPACES.some((one) => attributes.includes(`"${one}"`) || attributes.includes(`'${one}'`))
  );
}

/** XML is UTF-8 unless its first bytes say otherwise (XML 1.0, appendix F). */
function beginning(bytes: Uint8Array): string {
  const [first = 0, second = 0] = bytes;
  const isLittle = (first === 0xff && second === 0xfe) || (first === 0x3c && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c);
  return new TextDecoder(isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8').decode(bytes);
}
