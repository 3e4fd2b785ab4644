// The address that documents are sent to, and the profile that the words behind its + name.

import { normaliseAddress, splitSuffix, type Address } from '#formats/smtp/address.ts';
import { readProfile } from '#formats/transit-wire/profile.ts';
import type { Profile } from '../contract.ts';

export const TRANSIT_LOCAL = 'optimise';

/** Undefined: no place for documents; `unknown`: it is, but there is no such profile. */
export function profileOf(address: Address | 'postmaster', domain: string): Profile | 'unknown' | undefined {
  if (address === 'postmaster') return undefined;
  const wanted = normaliseAddress(address);
  const { base, suffix = '' } = splitSuffix(wanted.local);
  if (wanted.domain !== domain || base !== TRANSIT_LOCAL) return undefined;
  return readProfile(suffix) ?? 'unknown';
}
