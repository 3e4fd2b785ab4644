// A package is sealed once and opens for both: real gpg opens either copy with its own key, the bytes behind the key packets are the same, and what fails leaves nobody waiting.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { readCertificate } from '#formats/desk/certificate.ts';
import { GpgPeople, noGpg } from '../../../../test/gpg-people.ts';
import { sealPackage } from './seal-package.ts';

const skip = noGpg ?? false;

test('both copies open with gpg, each with its own key, and hold the same package', { skip }, async () => {
  using people = new GpgPeople();
  using office = new GpgPeople();
  for (const name of ['jonas', 'leyla']) people.addPerson(`${name}@kanzlei.test`, 'curve');
  office.addPerson('sta@behoerde.test', 'rsa');
  const roster = ['jonas', 'leyla'].map((name) => people.certificate(`${name}@kanzlei.test`).armored);
  const to = {
    LOOK: await Promise.all(roster.map(readCertificate)),
    HANDOVER: [await readCertificate(office.certificate('sta@behoerde.test').armored)],
  };
  const text = randomBytes(600_000).toString('base64');
  const packet: Buffer[] = [];
  const sealed = await sealPackage(
    to,
    { write: async (chunk) => void packet.push(Buffer.from(chunk)) },
    async (write) => {
      for (let at = 0; at < text.length; at += 70_001) await write(Buffer.from(text.slice(at, at + 70_001)));
    },
  );
  const data = Buffer.concat(packet);
  assert.ok(!data.includes(text.slice(0, 40)));
  for (const [copy, opener, stranger] of [
    ['LOOK', people, office],
    ['HANDOVER', office, people],
  ] as const) {
    const whole = Buffer.concat([sealed.keys[copy], data]);
    assert.equal(createHash('sha256').update(whole).digest('hex'), sealed.digests[copy]);
    assert.ok(opener.open(whole).plainText === text, `${copy} opens`);
    assert.match(opener.open(whole).status, /GOODMDC/);
    assert.equal(stranger.open(whole).plainText, '');
  }
});

test('a disk that is full, and a letter that is damaged, end it with their own error', async () => {
  const { makePerson } = await import('../policy/test-policy.ts');
  const { member } = await makePerson('Jonas Brandt', 'OFFICER');
  const key = await readCertificate(member.certificate);
  const to = { LOOK: [key], HANDOVER: [key] };
  const full = { write: () => Promise.reject(new Error('disk full')) };
  await assert.rejects(
    sealPackage(to, full, async (write) => {
      for (let at = 0; at < 200; at += 1) await write(randomBytes(100_000));
    }),
    /disk full/,
  );
  const damaged = sealPackage(to, { write: async () => undefined }, async (write) => {
    await write(randomBytes(100_000));
    throw new Error('damaged');
  });
  await assert.rejects(damaged, /damaged/);
});
