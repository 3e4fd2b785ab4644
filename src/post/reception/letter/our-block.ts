// The fields we put before a letter inside its seal: Return-Path, Received, Authentication-Results, HP-Outer (RFC 5321 §4.4, RFC 8601, RFC 9788).
// The same for all readers, so nothing in it names a recipient; no address or name of the peer is kept anywhere.

import type { TraceId } from '#base/ids.ts';
import { OUTER_FIELDS } from '#vault/sealing/render.ts';

export interface BlockFacts {
  readonly domain: string;
  /** Without angle brackets; empty for the null sender. */
  readonly returnPath: string;
  /** The protocol word of the trace field (RFC 3848, RFC 6531 §4.3). */
  readonly protocol: string;
  readonly traceId: TraceId;
  readonly receivedMs: number;
  readonly authenticationResults: string;
}

export function makeOurBlock(facts: BlockFacts): Uint8Array<ArrayBuffer> {
  const { domain, returnPath, protocol, traceId, receivedMs, authenticationResults } = facts;
  const lines = [
    `Return-Path: <${returnPath}>`,
    `Received: by ${domain} (Siegel) with ${protocol} id ${traceId};\r\n ${dateTime(receivedMs)}`,
    `Authentication-Results: ${authenticationResults}`,
    ...Object.entries(OUTER_FIELDS).map(([name, value]) => `HP-Outer: ${name}: ${value}`),
  ];
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n`);
}

export function protocolWord(source: {
  readonly protocol: 'smtp' | 'lmtp' | 'house';
  readonly isNotice?: boolean | undefined;
  readonly isSecure: boolean;
  readonly smtpUtf8: boolean;
}): string {
  // no word is registered for letters that never were on a wire: LMTP, with the A of an account that signed in
  if (source.protocol === 'house') return source.isNotice === true ? 'LMTP' : 'LMTPA';
  const base = source.protocol === 'lmtp' ? 'LMTP' : source.smtpUtf8 ? 'SMTP' : 'ESMTP';
  return `${source.smtpUtf8 ? 'UTF8' : ''}${base}${source.isSecure ? 'S' : ''}`;
}

/** Always UTC: a local time zone would say where the machine stands. */
function dateTime(atMs: number): string {
  return new Date(atMs).toUTCString().replace('GMT', '+0000');
}
