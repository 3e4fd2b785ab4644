// People sign with their own programs: what gpg, sq and sqop sign counts here, and what is signed here holds there.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import * as openpgp from 'openpgp';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { CalendarDay, DeskRole } from '#formats/desk/model.ts';
import { checkPolicyChain } from '#formats/desk/check-policy-signatures.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy, RosterMember } from '#formats/desk/policy-shape.ts';
import { fillTemplate, makePerson, memberOf, signAs } from './test-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'siegel-desk-'));
after(() => {
  if (has('gpgconf')) spawnSync('gpgconf', ['--homedir', folder, '--kill', 'all']);
  rmSync(folder, { recursive: true, force: true });
});
/** The days of these keys are real ones, so that of the policy is too. */
const dated = '2022-02-01' as CalendarDay;

interface Signer {
  readonly member: RosterMember;
  sign(file: string): string;
}

async function memberFrom(name: string, role: DeskRole, armoredKey: string): Promise<RosterMember> {
  return memberOf(name, role, await openpgp.readKey({ armoredKey }));
}

/** The chain with such a policy signed by these two, and one altered policy with the same signatures. */
async function judge(signers: readonly Signer[]): Promise<readonly [string, string]> {
  const policy = fillTemplate([], { dated, roster: signers.map(({ member }) => member) });
  const file = join(folder, `policy-${policyDigest(policy)}.json`);
  writeFileSync(file, canonicalJson(policy));
  const signatures = signers.map((signer) => signer.sign(file));
  const trust = policy.roster.map(({ fingerprint }) => fingerprint);
  const whyOf = async (put: Policy): Promise<string> => {
    const checked = await checkPolicyChain([{ text: JSON.stringify(put), signatures }], trust);
    return checked.ok ? 'taken' : checked.error.why;
  };
  return [await whyOf(policy), await whyOf({ ...policy, country: 'LI' })];
}

describe('a policy counts when two have signed it', () => {
  it('with gpg: with the keys that it makes by itself, and with RSA', { skip: without('gpg') }, async () => {
    const signers = await Promise.all([
      gpgSigner('Anna', 'OFFICER', 'future-default'),
      gpgSigner('Lars', 'LAWYER', 'rsa2048'),
    ]);
    assert.deepEqual(await judge(signers), ['taken', 'doesNotHold']);
  });

  it('with gpg and SHA-1 it does not', { skip: without('gpg') }, async () => {
    const weak = [await gpgSigner('Alma', 'OFFICER', 'rsa2048'), await gpgSigner('Lukas', 'LAWYER', 'rsa2048')];
    const digest = ['--digest-algo', 'SHA1', '--weak-digest', 'MD5'];
    const signers = weak.map(({ member }) => ({ member, sign: (file: string) => gpgSign(member, file, digest) }));
    assert.deepEqual(await judge(signers), ['weakHash', 'weakHash']);
  });

  it('with sqop', { skip: without('sqop') }, async () => {
    const signers = await Promise.all(
      (['OFFICER', 'LAWYER'] as const).map(async (role) => {
        const key = run('sqop', ['generate-key', role]);
        const keyFile = join(folder, `sqop-${role}`);
        writeFileSync(keyFile, key, { mode: 0o600 });
        const member = await memberFrom(`sqop ${role}`, role, run('sqop', ['extract-cert'], key));
        return { member, sign: (file: string) => run('sqop', ['sign', '--as=binary', keyFile], readText(file)) };
      }),
    );
    assert.deepEqual(await judge(signers), ['taken', 'doesNotHold']);
  });

  it('with sq', { skip: without('sq') }, async () => {
    const signers = await Promise.all(
      (['OFFICER', 'LAWYER'] as const).map(async (role) => {
        const keyFile = join(folder, `sq-${role}`);
        run('sq', ['key', 'generate', '--userid', role, '--export', keyFile]);
        const member = await memberFrom(`sq ${role}`, role, run('sq', ['key', 'extract-cert', keyFile]));
        return { member, sign: (file: string) => run('sq', ['sign', '--detached', '--signer-key', keyFile, file]) };
      }),
    );
    assert.deepEqual(await judge(signers), ['taken', 'doesNotHold']);
  });
});

describe('a signature made here holds', () => {
  const text = canonicalJson({ a: 'signed' });

  for (const [program, verify] of [
    ['gpg', verifyWithGpg],
    ['sqop', verifyWithSqop],
  ] as const) {
    it(`with ${program}, and not over another text`, { skip: without(program) }, async () => {
      const by = await makePerson('Anna', 'OFFICER');
      const armored = await signAs(by, text);
      const statuses = [text, `${text}\n`].map((said) => verify(by.member, armored, said));
      assert.deepEqual(statuses, [true, false]);
    });
  }
});

function verifyWithGpg({ certificate }: RosterMember, armored: string, text: string): boolean {
  const signature = join(folder, 'here.asc');
  writeFileSync(signature, armored);
  execFileSync('gpg', [...common(), '--import'], { input: certificate, stdio: 'pipe' });
  return spawnSync('gpg', [...common(), '--verify', signature, '-'], { input: text }).status === 0;
}

function verifyWithSqop({ certificate }: RosterMember, armored: string, text: string): boolean {
  const [signature, key] = [join(folder, 'here.sig'), join(folder, 'here.cert')];
  writeFileSync(signature, armored);
  writeFileSync(key, certificate);
  return spawnSync('sqop', ['verify', signature, key], { input: text }).status === 0;
}

async function gpgSigner(name: string, role: DeskRole, kind: 'future-default' | 'rsa2048'): Promise<Signer> {
  gpg(['--passphrase', '', '--quick-gen-key', `${name} <${name}@example.org>`, kind, 'default', 'never']);
  const listed = gpg(['--with-colons', '--list-keys', `${name}@example.org`]);
  const made = /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? '';
  if (kind === 'rsa2048') gpg(['--passphrase', '', '--quick-add-key', made, 'rsa2048', 'encr', 'never']);
  const member = await memberFrom(name, role, gpg(['--armor', '--export', made]));
  return { member, sign: (file) => gpgSign(member, file, []) };
}

function gpgSign({ fingerprint }: RosterMember, file: string, more: readonly string[]): string {
  return gpg([...more, '--armor', '--local-user', fingerprint, '--output', '-', '--detach-sign', file]);
}

function gpg(args: readonly string[]): string {
  return run('gpg', [...common(), ...args]);
}

function common(): readonly string[] {
  return ['--homedir', folder, '--batch', '--pinentry-mode', 'loopback', '--no-auto-key-locate'];
}

function run(program: string, args: readonly string[], input?: string): string {
  return execFileSync(program, args, { input, stdio: ['pipe', 'pipe', 'pipe'] }).toString();
}

function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

function has(program: string): boolean {
  return spawnSync(program, [program === 'sqop' ? 'version' : '--version'], { stdio: 'ignore' }).status === 0;
}

function without(program: string): string | false {
  return !has(program) && `${program} is not installed`;
}
