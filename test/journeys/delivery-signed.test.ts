// What leaves the real program is signed with both keys of the house, straight to a peer and through a smarthost.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { dkimVerify } from 'mailauth';
import { systemClock } from '#base/clock.ts';
import type { Dns } from '#base/dns/dns.ts';
import { err, ok } from '#base/result.ts';
import { rawFields } from '#formats/dkim/raw-fields.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { verifyDkim } from '#post/reception/authentication/verify-dkim.ts';
import { openDkimKeys, publishedRecords } from '#vault/keykit/dkim-keys.ts';
import { letterText, openDeliveryHouse, zoneOf, type DeliveryHouse } from '../delivery-house.ts';
import { startHostilePeer, type HostilePeer } from '../fakes/hostile-peer.ts';
import { signUp } from '../signed-in.ts';

async function sendOne(house: DeliveryHouse, to: string, peer: HostilePeer): Promise<Buffer> {
  const { accountId } = await signUp(() => house.program, 'anna');
  const door = await house.open();
  const letter = Buffer.from(letterText('anna@siegel.test', to, 'one')).toString('base64');
  const answer = await door.handIn({ token: 'one', accountId, from: 'anna@siegel.test', recipients: [to], letter });
  assert.ok(answer.ok, JSON.stringify(answer));
  door.close();
  for (let tries = 0; tries < 100 && peer.letters.length === 0; tries += 1) await wait(100);
  const [taken] = peer.letters;
  assert.ok(taken !== undefined, house.program.output());
  assert.deepEqual(taken.recipients, [to]);
  return taken.bytes;
}

/** What the house publishes, by name. */
async function recordsOf(house: DeliveryHouse): Promise<ReadonlyMap<string, string>> {
  const keys = await openDkimKeys(`${house.program.dataDir}-kit`, 0);
  assert.ok(keys.ok, join(house.program.dataDir, 'kit'));
  const published = publishedRecords(keys.value, keys.value[0]?.fromMs ?? 0);
  return new Map(published.map(({ name, text }) => [`${name}.siegel.test`, text]));
}

async function passing(house: DeliveryHouse, letter: Buffer): Promise<readonly string[]> {
  const records = await recordsOf(house);
  const { results } = await dkimVerify(letter, {
    resolver: (name: string) => Promise.resolve([[records.get(name) ?? '']]),
  });
  return results.filter(({ status }) => status.result === 'pass').map(({ signingDomain }) => signingDomain);
}

test('a letter goes to the mail server of its domain, with two signatures that an independent program accepts', async () => {
  await using peer = await startHostilePeer();
  await using house = await openDeliveryHouse({ peerPort: peer.port }, zoneOf({ 'there.test': '127.0.0.1' }));
  const letter = await sendOne(house, 'ben@there.test', peer);
  assert.deepEqual(await passing(house, letter), ['siegel.test', 'siegel.test']);
  assert.deepEqual(
    await passing(house, Buffer.from(letter.toString('latin1').replace('From:', 'From: x'), 'latin1')),
    [],
  );
});

/** As our own door judges it. */
async function judgedHere(records: ReadonlyMap<string, string>, letter: Buffer): Promise<readonly string[]> {
  const view = readLetter(letter);
  const dns: Dns = {
    lookUp(name) {
      const text = records.get(name);
      return text === undefined ? err({ kind: 'noSuchName' }) : ok([[text]]);
    },
  };
  const signed = { fields: rawFields(view), plainBody: letter.subarray(view.bodyOffset) };
  const results = await verifyDkim(signed, dns, systemClock.nowMs());
  return results.map(({ status, reason, domain, algorithm }) =>
    [algorithm, domain, status, reason ?? ''].join(' ').trim(),
  );
}

test('our own door accepts both signatures of a letter that left, and neither when a word, a field or the key is another', async () => {
  await using peer = await startHostilePeer();
  await using house = await openDeliveryHouse({ peerPort: peer.port }, zoneOf({ 'there.test': '127.0.0.1' }));
  const letter = await sendOne(house, 'ben@there.test', peer);
  const records = await recordsOf(house);
  const both = (verdict: string): readonly string[] => [
    `ed25519-sha256 siegel.test ${verdict}`,
    `rsa-sha256 siegel.test ${verdict}`,
  ];
  const judged = async (bytes: Buffer, zone = records): Promise<readonly string[]> =>
    (await judgedHere(zone, bytes)).toSorted();
  assert.deepEqual(await judged(letter), both('pass'));
  const changed = (from: string, to: string): Buffer => {
    const text = letter.toString('latin1');
    assert.ok(text.includes(from));
    return Buffer.from(text.replace(from, to), 'latin1');
  };
  assert.deepEqual(await judged(changed('some words', 'same words')), both('fail bodyChanged'));
  assert.deepEqual(await judged(changed('To: <ben@', 'To: <eve@')), both('fail headerChanged'));
  assert.deepEqual(
    await judged(changed('\r\nSubject: ', '\r\nFrom: <eve@siegel.test>\r\nSubject: ')),
    both('fail headerChanged'),
  );
  assert.deepEqual(await judged(letter, new Map()), both('permerror noKey'));
  const swapped = new Map([...records.keys()].map((name, at) => [name, [...records.values()].toReversed()[at] ?? '']));
  assert.deepEqual(await judged(letter, swapped), both('permerror wrongKeyType'));
});

test('with a smarthost everything goes there, signed, and no name server is asked about the recipient', async () => {
  await using peer = await startHostilePeer();
  const smarthost = { SIEGEL_SMARTHOST: `127.0.0.1:${peer.port}` };
  await using house = await openDeliveryHouse({ peerPort: 1 }, {}, smarthost);
  const letter = await sendOne(house, 'ben@elsewhere.example', peer);
  assert.deepEqual(await passing(house, letter), ['siegel.test', 'siegel.test']);
  assert.deepEqual(
    house.names.asked.filter((name) => name.includes('elsewhere')),
    [],
  );
});
