// What an authority is asked to sign (PKCS #10, RFC 2986), and a certificate that a key signs for itself (RFC 5280 §4.1); P-256 only.

import { bitString, explicit, integer, octetString, oid, sequence, set, time, tlv, utf8, type Der } from './der.ts';

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2')); // RFC 5758 §3.2
const COMMON_NAME = '2.5.4.3';
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14'; // RFC 2985 §5.4.2
const SUBJECT_ALT_NAME = '2.5.29.17';
const COMMON_NAME_CHARACTERS_MAX = 64;

/** Signs with ECDSA over SHA-256 and gives the signature in DER. */
export type SignDer = (bytes: Uint8Array) => Uint8Array;

export interface Wanted {
  /** At least one. */
  readonly names: readonly string[];
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
}

export function certificateRequest({ names, publicKey }: Wanted, sign: SignDer): Der {
  const attributes = sequence(oid(EXTENSION_REQUEST), set(sequence(altNames(names))));
  const info = sequence(integer(Uint8Array.of(0)), subject([]), publicKey, tlv(0xa0, attributes));
  return sequence(info, ECDSA_WITH_SHA256, bitString(sign(info)));
}

export interface OwnCertificate extends Wanted {
  readonly serial: Uint8Array;
  readonly fromMs: number;
  readonly untilMs: number;
}

export function selfSigned(wanted: OwnCertificate, sign: SignDer): Der {
  const { names, publicKey, serial, fromMs, untilMs } = wanted;
  const own = subject(names.slice(0, 1));
  const body = sequence(
    explicit(0, integer(Uint8Array.of(2))),
    integer(serial),
    ECDSA_WITH_SHA256,
    own,
    sequence(time(fromMs), time(untilMs)),
    own,
    publicKey,
    explicit(3, sequence(altNames(names))),
  );
  return sequence(body, ECDSA_WITH_SHA256, bitString(sign(body)));
}

function subject(names: readonly string[]): Der {
  const fitting = names.filter((name) => name.length <= COMMON_NAME_CHARACTERS_MAX);
  return sequence(...fitting.map((name) => set(sequence(oid(COMMON_NAME), utf8(name)))));
}

function altNames(names: readonly string[]): Der {
  const encoded = names.map((name) => tlv(0x82, new TextEncoder().encode(name)));
  return sequence(oid(SUBJECT_ALT_NAME), octetString(sequence(...encoded)));
}
