// Puts a letter into a mailbox as the door would: really sealed, really journalled.

import { createHmac } from 'node:crypto';
import { requireValue } from '#base/assert.ts';
import { newId, type AccountId, type LetterId } from '#base/ids.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { protectInsertions } from '#formats/message/protect-insertion.ts';
import { makeSummaryFacts } from '#formats/message/summary-facts.ts';
import { makeTerms, TOKENISER_VERSION } from '#formats/message/terms.ts';
import { readAccount, readRoleMailboxes } from '#vault/database/accounts-read.ts';
import { doorKeyFromSeed } from '#vault/sealing/door-key.ts';
import { readerKeysFromPublic } from '#vault/sealing/reader-keys.ts';
import { sealLetter } from '#vault/sealing/seal.ts';
import type { AccountHouse } from './account-house.ts';

export async function deliver(house: AccountHouse, accountId: AccountId, plainText: string): Promise<LetterId> {
  const { reader } = house.vault.database;
  const account = requireValue(await readAccount(reader, accountId), 'account');
  const nowMs = house.clock.nowMs();
  const keys = readerKeysFromPublic(new Uint8Array(account.certificate), new Uint8Array(account.summaryKey), {
    version: account.keysVersion,
    nowMs,
  });
  if (!keys.ok) throw new Error(keys.error.kind);
  const plainOriginal = new TextEncoder().encode(plainText);
  const view = readLetter(plainOriginal);
  const facts = makeSummaryFacts(plainOriginal, view);
  const sealed = sealLetter(
    {
      plainBlock: new TextEncoder().encode('Return-Path: <carl@example.org>\r\n'),
      plainOriginal,
      insertions: protectInsertions(plainOriginal),
      receivedMs: nowMs,
      verdict: {
        spf: 'pass',
        dkim: 'pass',
        dmarc: 'pass',
        signedByDomain: 'example.org',
        isJunk: false,
        junkTraits: [],
      },
      provenance: { transport: { kind: 'tls', version: 'TLSv1.3' }, plainInMemoryMs: 3 },
      facts,
      terms: { tokeniser: TOKENISER_VERSION, words: makeTerms(facts, view.readableText) },
      kind: 'door',
      readers: [{ accountId, letterId: newId<LetterId>(), keys: keys.value }],
    },
    doorKeyFromSeed(house.kit.doorKey.seed),
  );
  const copy = requireValue(sealed.copies[0], 'copy');
  const inbox = (await readRoleMailboxes(reader, accountId)).find(({ role }) => role === 'inbox');
  const kept = await house.vault.door.keepLetter({
    packet: sealed.packet,
    packetDigest: sealed.packetDigest,
    copies: [
      {
        accountId,
        actor: { kind: 'door', id: new Uint8Array(16) },
        record: {
          letterId: copy.letterId,
          mailboxId: requireValue(inbox, 'inbox').id,
          element: createHmac('sha256', house.kit.ledgerKey).update(copy.letterId).digest(),
          expiresMs: 0,
          receivedMs: nowMs,
          renderVersion: copy.renderVersion,
          renderSizeBytes: copy.renderSizeBytes,
          wrapping: 0,
          keywords: [],
          keyPacket: copy.keyPacket,
          summary: copy.summary,
          terms: copy.terms,
        },
      },
    ],
  });
  if (!kept.ok) throw new Error(kept.error.kind);
  return copy.letterId;
}
