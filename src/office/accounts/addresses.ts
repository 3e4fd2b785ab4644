// What a person types as an address, and what it is stored and compared as.

import { formatAddress, normaliseAddress, parseAddress } from '#formats/smtp/address.ts';

/** Names that belong to the house, not to a person: RFC 2142, those that letters about certificates are sent to, and the place for documents. */
const RESERVED = new Set(
  'abuse admin administrator certadmin dmarc hostmaster mailer-daemon no-reply noc noreply optimise postmaster root security ssladmin sysadmin tls-reports webmaster'.split(
    ' ',
  ),
);

/** A new address as it is stored; undefined for what nobody may have. No suffix: `anna+shop` is anna's. */
export function addressFor(localPart: string, domain: string): string | undefined {
  const local = localPart.trim();
  const parsed = parseAddress(`${local}@${domain}`);
  if (!parsed.ok || /[@+"\s]/u.test(local)) return undefined;
  const address = normaliseAddress(parsed.value);
  return RESERVED.has(address.local) ? undefined : formatAddress(address);
}

/** The address typed at sign-in, with the house's domain if none was typed; undefined when it cannot be one. */
export function typedAddress(text: string, domain: string): string | undefined {
  const trimmed = text.trim();
  const parsed = parseAddress(trimmed.includes('@') ? trimmed : `${trimmed}@${domain}`);
  return parsed.ok ? formatAddress(normaliseAddress(parsed.value)) : undefined;
}
