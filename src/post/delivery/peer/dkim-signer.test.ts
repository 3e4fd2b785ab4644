// Signatures on letters that leave, checked by other people's programs: mailauth, python3-dkim, and the RFC's own keys.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { dkimVerify } from 'mailauth';
import { systemClock } from '#base/clock.ts';
import { openDkimKeys, publishedRecords, rotate, type DkimKeyPair } from '#vault/keykit/dkim-keys.ts';
import { createDkimSigner, type Sign } from './dkim-signer.ts';
import { openWorld } from './test-world.ts';

const PYTHON = '/usr/bin/python3';
const hasPythonDkim = spawnSync(PYTHON, ['-c', 'import dkim, nacl']).status === 0;

interface House {
  readonly sign: Sign;
  readonly records: ReadonlyMap<string, string>;
}

async function openHouse(t: TestContext): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-sign-'));
  t.after(() => rm(folder, { recursive: true }));
  const keys = await openDkimKeys(folder, systemClock.nowMs());
  assert.ok(keys.ok);
  return houseOf(keys.value);
}

function houseOf(keys: readonly DkimKeyPair[], nowMs = systemClock.nowMs()): House {
  const own = ['siegel.test', 'branch.test'];
  const sign = createDkimSigner({
    clock: systemClock,
    keys: () => keys,
    isOwnDomain: (domain) => own.includes(domain),
    mainDomain: 'siegel.test',
  });
  const records = publishedRecords(keys, nowMs).flatMap(({ name, text }) =>
    own.map((domain) => [`${name}.${domain}`, text] as const),
  );
  return { sign, records: new Map(records) };
}

/** `pass rsa-sha256 domain`, in the order of the signatures. */
async function verdicts(letter: Uint8Array, records: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const { results } = await dkimVerify(Buffer.from(letter), {
    resolver: (name: string) => {
      const text = records.get(name);
      if (text === undefined) throw Object.assign(new Error('none'), { code: 'ENOTFOUND' });
      return Promise.resolve([[text]]);
    },
  });
  return results.map(
    (result) => `${result.status.result} ${String(Reflect.get(result, 'algo'))} ${result.signingDomain}`,
  );
}

const LETTERS = [
  'From: Anna <anna@siegel.test>\r\nTo: ben@there.test\r\nSubject: A  letter\r\n folded\t over lines\r\n\r\nHello \t Ben,\r\n\r\n.\r\n  x\r\n\r\n\r\n',
  'From: a@siegel.test\r\n\r\n',
  'From: a@siegel.test\r\nTo: a@b.test\r\nTo: c@d.test\r\nCc: x@y.test\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGrüße\r\n',
  `From: a@siegel.test\r\nReferences: ${Array.from({ length: 40 }, (_, n) => `<${n}@siegel.test>`).join('\r\n ')}\r\n\r\n${'word '.repeat(20_000)}\r\n`,
].map((text) => Buffer.from(text));

async function signed(sign: Sign, letter: Uint8Array): Promise<Buffer> {
  return Buffer.concat([await sign(letter), letter]);
}

test('both signatures of each letter pass with mailauth, and lines stay short', async (t) => {
  const { sign, records } = await openHouse(t);
  for (const letter of LETTERS) {
    const whole = await signed(sign, letter);
    assert.deepEqual(await verdicts(whole, records), [
      'pass rsa-sha256 siegel.test',
      'pass ed25519-sha256 siegel.test',
    ]);
    for (const line of Buffer.from(await sign(letter))
      .toString()
      .split('\r\n'))
      assert.ok(line.length <= 78, line);
  }
});

test('a letter signs for the domain of its From, and for the main domain where that is none of ours', async (t) => {
  const { sign, records } = await openHouse(t);
  const from = async (text: string): Promise<string> =>
    (await verdicts(await signed(sign, Buffer.from(`From: ${text}\r\n\r\nx\r\n`)), records))[0] ?? '';
  assert.equal(await from('Ben <ben@Branch.test>'), 'pass rsa-sha256 branch.test');
  assert.equal(await from('"siegel.test" <x@elsewhere.test>'), 'pass rsa-sha256 siegel.test');
});

test('a field added in front, a changed subject or body breaks both signatures', async (t) => {
  const { sign, records } = await openHouse(t);
  const whole = (await signed(sign, LETTERS[0] ?? Buffer.alloc(0))).toString();
  const changes = [
    `From: evil@there.test\r\n${whole}`,
    `Subject: other\r\n${whole}`,
    `Content-Type: text/html\r\n${whole}`,
    `Reply-To: evil@there.test\r\n${whole}`,
    whole.replace('A  letter', 'A better'),
    whole.replace('Hello', 'Hallo'),
  ];
  for (const changed of changes)
    for (const verdict of await verdicts(Buffer.from(changed), records))
      assert.ok(!verdict.startsWith('pass'), changed.slice(0, 30));
  // relays add trace fields and fold anew: that is allowed
  const passed = `Received: by there\r\n${whole.replace('Subject: A  letter\r\n folded', 'Subject: A letter folded')}`;
  assert.equal(
    (await verdicts(Buffer.from(passed), records)).filter((verdict) => verdict.startsWith('pass')).length,
    2,
  );
});

test(
  'python3-dkim accepts both signatures',
  { skip: hasPythonDkim ? false : 'python3-dkim with nacl is not installed' },
  async (t) => {
    const { sign, records } = await openHouse(t);
    const folder = await mkdtemp(join(tmpdir(), 'siegel-python-'));
    t.after(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'records.json'), JSON.stringify(Object.fromEntries(records)));
    const program =
      'import sys, json, dkim\n' +
      'records = json.load(open(sys.argv[1]))\n' +
      'find = lambda name, timeout=5: records.get(name.decode().rstrip(".") if isinstance(name, bytes) else name.rstrip("."), "").encode()\n' +
      'd = dkim.DKIM(open(sys.argv[2], "rb").read())\n' +
      'print([d.verify(idx=i, dnsfunc=find) for i in range(2)])\n';
    for (const [index, letter] of LETTERS.entries()) {
      const path = join(folder, `${index}.eml`);
      await writeFile(path, await signed(sign, letter));
      const said = execFileSync(PYTHON, ['-c', program, join(folder, 'records.json'), path], { encoding: 'utf8' });
      assert.equal(said.trim(), '[True, True]', `letter ${index}`);
    }
  },
);

test('during a rotation what leaves is signed with keys whose records were there before', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-sign-'));
  t.after(() => rm(folder, { recursive: true }));
  const nowMs = systemClock.nowMs();
  const before = await openDkimKeys(folder, nowMs);
  const after = await rotate(folder, nowMs);
  assert.ok(before.ok && after.ok);
  const { sign } = houseOf(after.value);
  const { records } = houseOf(before.value);
  assert.equal(
    (await verdicts(await signed(sign, LETTERS[0] ?? Buffer.alloc(0)), records)).filter((v) => v.startsWith('pass'))
      .length,
    2,
  );
});

test('the RFC 8463 key signs as other programs expect', async () => {
  const seed = Buffer.from('nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=', 'base64');
  const privateKey = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const key = {
    selector: 'brisbane',
    algorithm: 'ed25519-sha256',
    privateKey,
    createdMs: 0,
    fromMs: 0,
    untilMs: undefined,
  } as const;
  const { sign, records } = houseOf([key]);
  assert.equal(
    records.get('brisbane._domainkey.siegel.test'),
    'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=', // RFC 8463 §A.2
  );
  assert.deepEqual(await verdicts(await signed(sign, LETTERS[0] ?? Buffer.alloc(0)), records), [
    'pass ed25519-sha256 siegel.test',
  ]);
});

test('a letter arrives signed, also when it was encoded anew for an old server; one letter for many domains is signed once', async (t) => {
  const { sign, records } = await openHouse(t);
  let signings = 0;
  const counting: Sign = (letter) => {
    signings++;
    return sign(letter);
  };
  const bytes = LETTERS[2];
  for (const extensions of [['PIPELINING', '8BITMIME'], ['PIPELINING'], ['CHUNKING', '8BITMIME']]) {
    const { send, peer } = await openWorld(t, { extensions }, { sign: counting });
    signings = 0;
    await send({ ...(bytes && { bytes }) });
    await send({ ...(bytes && { bytes }), recipients: ['eva@there.test'] });
    assert.equal(signings, extensions.includes('8BITMIME') ? 1 : 2);
    for (const letter of peer.letters)
      assert.deepEqual(await verdicts(letter.bytes, records), [
        'pass rsa-sha256 siegel.test',
        'pass ed25519-sha256 siegel.test',
      ]);
  }
});
