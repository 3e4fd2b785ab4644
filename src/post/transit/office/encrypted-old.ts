// Whether a document of the old kinds is encrypted ([MS-DOC] §2.5.2, [MS-XLS] §2.4.117, [MS-PPT] §2.3.2): the converter would ask for a password that nobody gives.

import type { OfficeFormat } from './office-format.ts';

const DOC_FLAGS_AT = 10;
const DOC_IS_ENCRYPTED = 0x0100;
const XLS_FILE_PASS = 0x002f;
/** It stands right behind the beginning, before the workbook's own settings. */
const XLS_RECORDS_MAX = 10;
const PPT_TOKEN_AT = 12;
const PPT_IS_ENCRYPTED = 0xf3d1c4df;

/** `stream`: its main one; of a presentation `Current User`. */
export function isEncryptedOld(format: OfficeFormat, stream: Uint8Array): boolean {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  switch (format) {
    case 'doc':
      return stream.length > DOC_FLAGS_AT + 1 && (view.getUint16(DOC_FLAGS_AT, true) & DOC_IS_ENCRYPTED) !== 0;
    case 'xls':
      return hasFilePass(view);
    case 'ppt':
      return stream.length > PPT_TOKEN_AT + 3 && view.getUint32(PPT_TOKEN_AT, true) === PPT_IS_ENCRYPTED;
    default:
      return false;
  }
}

function hasFilePass(view: DataView): boolean {
  let at = 0;
  for (let record = 0; record < XLS_RECORDS_MAX && at + 4 <= view.byteLength; record++) {
    if (view.getUint16(at, true) === XLS_FILE_PASS) return true;
    at += 4 + view.getUint16(at + 2, true);
  }
  return false;
}
