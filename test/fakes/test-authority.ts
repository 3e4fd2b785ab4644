// A certificate authority of a test, made by openssl: what it issues is trusted where its own certificate is handed in, and nowhere else.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NamedCertificate } from './certificates.ts';

export interface TestAuthority {
  readonly certificatePem: string;
  /** Valid for all of these names, for two days. */
  issue(...names: readonly string[]): NamedCertificate;
}

const CURVE = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

export function makeAuthority(): TestAuthority {
  const own = inFolder((folder) => {
    const { key, certificate } = pathsIn(folder);
    const extensions = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'];
    openssl(['req', '-x509', ...CURVE, '-keyout', key, '-out', certificate, '-subj', '/CN=Test CA', ...extensions]);
    return read(folder);
  });
  return {
    certificatePem: own.certificatePem,
    issue: (...names) =>
      inFolder((folder) => {
        const { key, certificate } = pathsIn(folder);
        const [authorityKey, authority] = [join(folder, 'ca-key.pem'), join(folder, 'ca.pem')];
        writeFileSync(authorityKey, own.keyPem, { mode: 0o600 });
        writeFileSync(authority, own.certificatePem);
        const subject = ['-subj', `/CN=${names[0] ?? ''}`];
        const extensions = ['-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`];
        const signer = ['-CA', authority, '-CAkey', authorityKey, '-addext', 'basicConstraints=critical,CA:FALSE'];
        openssl(['req', '-x509', ...CURVE, '-keyout', key, '-out', certificate, ...subject, ...extensions, ...signer]);
        return read(folder);
      }),
  };
}

function openssl(words: readonly string[]): void {
  execFileSync('openssl', words, { stdio: 'pipe' });
}

function pathsIn(folder: string): { readonly key: string; readonly certificate: string } {
  return { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
}

function read(folder: string): NamedCertificate {
  const { key, certificate } = pathsIn(folder);
  return { keyPem: readFileSync(key, 'utf8'), certificatePem: readFileSync(certificate, 'utf8') };
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-ca-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
