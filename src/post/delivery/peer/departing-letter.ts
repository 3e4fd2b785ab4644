// A letter on its way out: CRLF line ends, what it asks of a peer, and its signatures, made once for all its destinations.

import { isAscii } from 'node:buffer';
import { err, ok, type Result } from '#base/result.ts';
import { readHeaderSection } from '#formats/message/header-fields.ts';
import { withCrlf } from '#formats/smtp/line-ends.ts';
import { toSevenBit } from '#formats/smtp/seven-bit.ts';
import type { Sign } from './dkim-signer.ts';

export interface DepartingLetter {
  /** Without signatures. */
  readonly sizeBytes: number;
  /** A header field holds more than ASCII (RFC 6532). */
  readonly hasUtf8Header: boolean;
  readonly isEightBit: boolean;
  /** To be sent in order. `isSevenBit`: encoded anew for a peer without 8BITMIME, and signed as it then is. */
  pieces(isSevenBit: boolean): Promise<Result<readonly Uint8Array[], { readonly kind: 'notSevenBit' }>>;
}

export function createDepartures(sign: Sign | undefined): (bytes: Uint8Array) => DepartingLetter {
  const known = new WeakMap<Uint8Array, DepartingLetter>();
  return (bytes) => {
    const found = known.get(bytes);
    if (found !== undefined) return found;
    const letter = departing(bytes, sign);
    known.set(bytes, letter);
    return letter;
  };
}

function departing(bytes: Uint8Array, sign: Sign | undefined): DepartingLetter {
  const plainLetter = withCrlf(bytes);
  const { bodyOffset } = readHeaderSection(plainLetter);
  let signed: Promise<readonly Uint8Array[]> | undefined;
  const withSignatures = async (plain: Uint8Array): Promise<readonly Uint8Array[]> =>
    sign === undefined ? [plain] : [await sign(plain), plain];
  return {
    sizeBytes: plainLetter.length,
    hasUtf8Header: !isAscii(plainLetter.subarray(0, bodyOffset)),
    isEightBit: !isAscii(plainLetter.subarray(bodyOffset)),
    async pieces(isSevenBit) {
      if (!isSevenBit) return ok(await (signed ??= withSignatures(plainLetter)));
      const encoded = toSevenBit(plainLetter);
      return encoded === undefined ? err({ kind: 'notSevenBit' }) : ok(await withSignatures(encoded));
    },
  };
}
