// The desk in the page of this house: whose account has which key.

import type { Hono } from 'hono';
import { createDeskRoutes, type DeskNeighbours, type OwnKey } from '#office/api/desk-routes.ts';
import { armor } from '#formats/openpgp/armor.ts';
import { parsePublicKey } from '#formats/openpgp/public-key.ts';
import { findCertificate } from '#vault/database/accounts-read.ts';
import type { Reader } from '#vault/database/reader.ts';
import type { HouseDesk } from './open-desk.ts';

export function openDeskPages(
  { desk }: Pick<HouseDesk, 'desk'>,
  reader: Reader,
  authenticate: DeskNeighbours['authenticate'],
): Hono {
  return createDeskRoutes({ desk, authenticate, keyOf: (address) => keyOf(reader, address) });
}

async function keyOf(reader: Reader, address: string): Promise<OwnKey | undefined> {
  const certificate = await findCertificate(reader, address);
  if (certificate === undefined) return undefined;
  const bytes = Uint8Array.from(certificate);
  const facts = parsePublicKey(bytes);
  if (!facts.ok) return undefined;
  const fingerprint = Buffer.from(facts.value.fingerprint).toString('hex');
  return { fingerprint, certificate: armor('PGP PUBLIC KEY BLOCK', bytes, '\n') };
}
