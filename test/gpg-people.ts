// People who write with gpg, for journeys: keys made by it in a folder of their own, what it publishes, opens and says of a signature.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireValue } from '#base/assert.ts';

export const noGpg: string | undefined =
  spawnSync('gpg', ['--version'], { stdio: 'ignore' }).status === 0 ? undefined : 'gpg is not installed';

export interface GpgOpened {
  readonly plainText: string;
  /** What it says for programs: GOODSIG, ERRSIG, DECRYPTION_OKAY … */
  readonly status: string;
}

export class GpgPeople implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'siegel-gpg-'));

  /** `kind`: 'curve' as gpg makes keys by itself, or RSA as people had them before. */
  addPerson(address: string, kind: 'curve' | 'rsa'): void {
    const make = ['--passphrase', '', '--quick-gen-key', `${address.split('@')[0]} <${address}>`];
    if (kind === 'curve') return void this.#run([...make, 'future-default', 'default', 'never']);
    this.#run([...make, 'rsa2048', 'default', 'never']);
    const listed = this.#run(['--with-colons', '--list-keys', address]).toString();
    const fingerprint = requireValue(/^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1], 'a fingerprint');
    this.#run(['--passphrase', '', '--quick-add-key', fingerprint, 'rsa2048', 'encr', 'never']);
  }

  /** Where gpg expects it in a Web Key Directory, below `hu/`, and what lies there. */
  published(address: string): { readonly hash: string; readonly bytes: Buffer } {
    const listed = this.#run(['--with-wkd-hash', '--list-keys', address]).toString();
    const hash = requireValue(/([a-z0-9]{32})@/.exec(listed)?.[1], 'a hash');
    return { hash, bytes: this.#run(['--export', address]) };
  }

  /** Lower-case hex, and the certificate in armor. */
  certificate(address: string): { readonly fingerprint: string; readonly armored: string } {
    const listed = this.#run(['--with-colons', '--list-keys', address]).toString();
    const fingerprint = requireValue(/^fpr:+([0-9A-F]{40,64}):/m.exec(listed)?.[1], 'a fingerprint').toLowerCase();
    return { fingerprint, armored: this.#run(['--armor', '--export', address]).toString() };
  }

  /** Detached, in armor. */
  sign(address: string, bytes: Uint8Array): string {
    return this.#run(['--armor', '--local-user', address, '--detach-sign'], bytes).toString();
  }

  import(certificate: Uint8Array): void {
    this.#run(['--import'], certificate);
  }

  /** The whole letter as it came: gpg finds the message in it. */
  open(letter: Uint8Array): GpgOpened {
    const { stdout, stderr } = spawnSync('gpg', [...this.#common(), '--status-fd', '2', '--decrypt'], {
      input: letter,
    });
    return { plainText: stdout.toString(), status: stderr.toString() };
  }

  /** What is inside, to the byte. */
  openBytes(sealed: Uint8Array): Buffer {
    return this.#run(['--decrypt'], sealed);
  }

  /** Signed and encrypted, in armor. */
  seal(from: string, to: string | readonly string[], plain: string): string {
    const recipients = [to].flat().flatMap((one) => ['--recipient', one]);
    const words = ['--trust-model', 'always', '--armor', '--local-user', from, ...recipients];
    return this.#run([...words, '--sign', '--encrypt'], Buffer.from(plain)).toString();
  }

  #run(args: readonly string[], input?: Uint8Array): Buffer {
    return execFileSync('gpg', [...this.#common(), ...args], {
      input,
      stdio: ['pipe', 'pipe', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
    });
  }

  #common(): readonly string[] {
    return ['--homedir', this.#folder, '--batch', '--pinentry-mode', 'loopback', '--no-auto-key-locate'];
  }

  [Symbol.dispose](): void {
    spawnSync('gpgconf', ['--homedir', this.#folder, '--kill', 'all']);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
