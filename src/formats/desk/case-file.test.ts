// Everybody of the roster opens a case file, nobody else; what is none is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as openpgp from 'openpgp';
import { canonicalBytes } from '../canonical-json/canonical-json.ts';
import { parseCaseFile, sealCaseFile } from './case-file.ts';

const given = {
  targets: [{ target: 'leyla@kanzlei.test', random: Uint8Array.from({ length: 32 }, (_, at) => 7 * at) }],
  documents: [{ name: 'Fax.pdf', bytes: Uint8Array.from([0, 255, 10, 13]) }],
};

test('everybody of the roster opens what was put in, nobody else does', async () => {
  const [mara, jonas, other] = await Promise.all(
    ['mara', 'jonas', 'other'].map((name) => openpgp.generateKey({ userIDs: [{ name }], format: 'object' })),
  );
  assert.ok(mara && jonas && other);
  const roster = [mara, jonas].map(({ publicKey }) => ({ certificate: publicKey.armor() }));
  const sealed = await sealCaseFile(given, roster);
  const open = async ({ privateKey }: typeof mara): Promise<Uint8Array> => {
    const message = await openpgp.readMessage({ binaryMessage: sealed });
    const { data } = await openpgp.decrypt({ message, decryptionKeys: privateKey, format: 'binary' });
    return Uint8Array.from(data);
  };
  assert.deepEqual(parseCaseFile(await open(mara)), { ok: true, value: given });
  assert.deepEqual(parseCaseFile(await open(jonas)), { ok: true, value: given });
  await assert.rejects(open(other));
});

const [target] = given.targets;
const wrong: readonly unknown[] = [
  null,
  { what: 'siegel desk case file 2', targets: [], documents: [] },
  { what: 'siegel desk case file 1', targets: [] },
  { what: 'siegel desk case file 1', targets: [{ target: target?.target, random: '00' }], documents: [] },
  { what: 'siegel desk case file 1', targets: [], documents: [{ name: 'x', base64: '*' }] },
  { what: 'siegel desk case file 1', targets: [], documents: [], more: 1 },
];

test('what is no case file is refused', () => {
  for (const value of wrong)
    assert.deepEqual(parseCaseFile(canonicalBytes(value)), { ok: false, error: { kind: 'notACaseFile' } });
  assert.equal(parseCaseFile(Uint8Array.of(0xff)).ok, false);
});
