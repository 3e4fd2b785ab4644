// Addresses on the real program: an alias somebody takes up and gives up, a group whose members each get a copy of their own.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { addAlias, readAddresses, removeAlias } from '../../src/web/client/aliases.ts';
import { readIdentities } from '../../src/web/client/own-addresses.ts';
import type { OpenSession } from '../../src/web/client/open-session.ts';
import { sessionOf } from '../mailbox-holder.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { signUp, type Person } from '../signed-in.ts';
import { openSmtp } from '../smtp-client.ts';

let program: RunningProgram;
let anna: Person;
let ben: Person;
let annas: OpenSession;
let bens: OpenSession;
let domain = '';

before(async () => {
  program = await startProgram();
  anna = await signUp(() => program, 'anna');
  ben = await signUp(() => program, 'ben');
  [annas, bens] = [await sessionOf(anna), await sessionOf(ben)];
  domain = anna.address.slice(anna.address.indexOf('@') + 1);
});
after(() => program.stop());

async function send(to: string, subject: string): Promise<string> {
  await using smtp = await openSmtp(program.smtpPort);
  const text = `From: Carl <carl@example.org>\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@example.org>\r\n\r\nHello.\r\n`;
  const { code, text: said } = await smtp.send({ from: 'carl@example.org', to: [to], bytes: Buffer.from(text) });
  return `${code} ${said}`;
}

async function lettersOf(person: Person, count: number): Promise<number> {
  let total = -1;
  for (let round = 0; round < 50; round++) {
    const { ids } = await person.jmap('Email/query', {});
    total = Array.isArray(ids) ? ids.length : -1;
    if (total >= count) return total;
    await wait(100);
  }
  return total;
}

const siegel = async (...words: string[]) => {
  const { code, stdout } = await program.siegel([...words, '--json']);
  return { code, json: JSON.parse(stdout) as Record<string, unknown> };
};

test('a letter to an alias arrives; given up, it is refused, and nobody else gets the address', async () => {
  const address = `kontakt@${domain}`;
  assert.match(await send(address, 'before'), /^550/);
  assert.deepEqual(await addAlias(annas, 'Kontakt'), { ok: true, value: { address } });
  assert.match(await send(address, 'alias'), /^250/);
  assert.equal(await lettersOf(anna, 1), 1);
  assert.ok((await readIdentities(annas)).some(({ email }) => email === address));

  const taken = { ok: false, error: { kind: 'address-taken' } };
  assert.deepEqual(await addAlias(bens, address), taken);
  assert.deepEqual(await addAlias(bens, anna.address), taken);
  assert.deepEqual(await removeAlias(bens, address), { ok: false, error: { kind: 'gone' } });

  assert.deepEqual(await removeAlias(annas, address), { ok: true, value: undefined });
  assert.match(await send(address, 'after'), /^550/);
  assert.ok(!(await readIdentities(annas)).some(({ email }) => email === address));
  assert.deepEqual(await addAlias(bens, address), taken);
  assert.deepEqual(await addAlias(annas, address), { ok: true, value: { address } }, 'its owner may take it up again');
});

test('names of the house, other domains and too many aliases are refused', async () => {
  const invalid = { ok: false, error: { kind: 'address-invalid' } };
  for (const name of ['postmaster', 'ABUSE', 'admin', 'hostmaster', 'ben+x', 'a b', '', 'x@elsewhere.example']) {
    assert.deepEqual(await addAlias(bens, name), invalid, name);
  }
  assert.deepEqual(await removeAlias(bens, ben.address), { ok: false, error: { kind: 'gone' } }, 'only aliases');
  const before = await readAddresses(bens);
  assert.ok(before.ok);
  for (let count = 0; count < before.value.left; count++) assert.ok((await addAlias(bens, `ben${count}`)).ok);
  assert.deepEqual(await addAlias(bens, 'one-more'), { ok: false, error: { kind: 'too-many' } });
  const full = await readAddresses(bens);
  assert.ok(full.ok && full.value.left === 0 && full.value.addresses.length === before.value.left + 1);
});

test('a session alone takes up no alias: the change must be signed', async () => {
  const asked = await annas.door.ask('/auth/challenge', 'challenge');
  assert.ok(asked.ok);
  const unsigned = { address: 'stolen', challenge: asked.value.challenge, signature: 'AAAA' };
  const answer = await annas.door.call('aliasAdd', unsigned);
  assert.deepEqual(answer.ok ? undefined : answer.error.kind, 'bad-signature');
});

test('a letter to a group arrives once at each member, sealed for each; plan first, then --apply', async () => {
  const address = `team@${domain}`;
  const members = `anna,${ben.address},kontakt`;
  const planned = await siegel('group', 'put', 'team', '--member', members);
  assert.deepEqual([planned.code, planned.json['isApplied']], [0, false]);
  assert.match(await send(address, 'planned'), /^550/);
  assert.equal((await siegel('group', 'put', 'team', '--member', members, '--apply')).json['isApplied'], true);
  const [annasBefore, bensBefore] = [await lettersOf(anna, 0), await lettersOf(ben, 0)];
  assert.match(await send(address, 'group'), /^250/);
  assert.equal(await lettersOf(anna, annasBefore + 1), annasBefore + 1, 'named twice, one copy');
  assert.equal(await lettersOf(ben, bensBefore + 1), bensBefore + 1);
  const listed = await siegel('group', 'list');
  assert.deepEqual(listed.json['groups'], [{ address, members: [anna.address, ben.address] }]);
  const looked = await annas.jmap.run([['RecipientKey/lookup', { addresses: [address] }]]);
  assert.ok(looked.ok);
  assert.deepEqual(looked.value[0]?.['list'], [{ address, source: 'house', certificate: null, deliverable: true }]);
});

test('a group takes no address of a person, and a person no address of a group', async () => {
  assert.deepEqual(await addAlias(annas, 'team'), { ok: false, error: { kind: 'address-taken' } });
  assert.equal((await siegel('group', 'put', 'ben', '--member', 'anna', '--apply')).code, 1);
  assert.equal((await siegel('group', 'put', 'x@elsewhere.example', '--member', 'anna', '--apply')).code, 1);
  assert.equal((await siegel('group', 'put', 'crew', '--member', 'nobody', '--apply')).code, 1);
});

test('after a restart and a rebuild the group still reads; given other members, only those get letters; removed, it is refused', async () => {
  program = await program.restart();
  assert.equal((await siegel('database', 'rebuild', '--apply')).code, 0);
  const address = `team@${domain}`;
  const [annasBefore, bensBefore] = [await lettersOf(anna, 0), await lettersOf(ben, 0)];
  assert.equal((await siegel('group', 'put', address, '--member', 'ben', '--apply')).code, 0);
  assert.match(await send(address, 'ben-only'), /^250/);
  assert.equal(await lettersOf(ben, bensBefore + 1), bensBefore + 1);
  assert.equal(await lettersOf(anna, annasBefore), annasBefore);
  assert.equal((await siegel('group', 'remove', address)).json['isApplied'], false);
  assert.equal((await siegel('group', 'remove', address, '--apply')).json['isApplied'], true);
  assert.match(await send(address, 'gone'), /^550/);
  assert.deepEqual(await addAlias(annas, 'team'), { ok: false, error: { kind: 'address-taken' } });
});
