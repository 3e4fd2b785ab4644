// Where a domain wants its TLS reports: one address of mail, or one of the web (RFC 8460 §3).

import { formatAddress, parseAddress } from '#formats/smtp/address.ts';

export type ReportTarget =
  | { readonly kind: 'mail'; readonly address: string; readonly domain: string }
  | { readonly kind: 'web'; readonly url: string };

/** Undefined: nothing a report can go to. Whatever stands behind a `?` of a mailto: is theirs to wish and ours to leave. */
export function readReportTarget(text: string): ReportTarget | undefined {
  if (/^https:\/\//i.test(text)) return { kind: 'web', url: text };
  const path = /^mailto:([^?]+)/i.exec(text)?.[1];
  const plain = path === undefined ? undefined : percentDecoded(path);
  const address = plain === undefined ? undefined : parseAddress(plain);
  if (address === undefined || !address.ok || address.value.domain.startsWith('[')) return undefined;
  return { kind: 'mail', address: formatAddress(address.value), domain: address.value.domain };
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
