// The key of the authority: each way in which it cannot be used is a refusal of its own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as openpgp from 'openpgp';
import { makePerson } from '../policy/test-policy.ts';
import { checkRecipient } from './recipient.ts';

const NOW = Date.parse('2023-05-05T12:00:00Z');
const MADE = new Date('2022-01-02T12:00:00Z');

async function keyOf(more: object = {}): Promise<openpgp.PrivateKey> {
  const { privateKey } = await openpgp.generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ name: 'Staatsanwaltschaft' }],
    format: 'object',
    date: MADE,
    ...more,
  });
  return privateKey;
}

test('a key that is good is taken; all others are refused by name', async () => {
  const officer = await makePerson('Jonas Brandt', 'OFFICER');
  const roster = [officer.member];
  const good = await keyOf();
  const why = async (armored: string): Promise<string> => {
    const checked = await checkRecipient(armored, { roster }, NOW);
    return checked.ok ? checked.value.fingerprint : checked.error.why;
  };
  assert.equal(await why(good.toPublic().armor()), good.getFingerprint());
  assert.equal(await why(good.armor()), 'secret');
  assert.equal(await why('no key'), 'unreadable');
  assert.equal(await why(''), 'unreadable');
  const two = [good, await keyOf()].map((key) => key.toPublic().toPacketList());
  const list = new openpgp.PacketList<openpgp.BasePacket>();
  for (const packets of two) list.push(...packets);
  assert.equal(await why(openpgp.armor(openpgp.enums.armor.publicKey, list.write())), 'unreadable');
  assert.equal(await why((await keyOf({ keyExpirationTime: 86_400 })).toPublic().armor()), 'expired');
  const { publicKey: revoked } = await openpgp.revokeKey({ key: await keyOf(), format: 'object', date: MADE });
  assert.equal(await why(revoked.armor()), 'revoked');
  assert.equal(await why((await keyOf({ subkeys: [] })).toPublic().armor()), 'signsOnly');
  assert.equal(await why(officer.member.certificate), 'ofRoster');
  // the twin: whom the roster does not name is taken
  assert.equal((await checkRecipient(officer.member.certificate, { roster: [] }, NOW)).ok, true);
});
