// Key pairs and self-signed certificates for any name, made by openssl once a run each; never used outside tests.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface NamedCertificate {
  readonly keyPem: string;
  readonly certificatePem: string;
}

const made = new Map<string, NamedCertificate>();

/** One certificate for all of them: names, or addresses of IP. */
export function certificateFor(name: string, ...others: readonly string[]): NamedCertificate {
  const all = [name, ...others].map((one) => `${isIP(one) === 0 ? 'DNS' : 'IP'}:${one}`).join();
  const known = made.get(all);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'siegel-cert-'));
  try {
    const key = join(folder, 'key.pem');
    const certificate = join(folder, 'cert.pem');
    const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=${all}`, '-days', '2'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', certificate, ...subject], {
      stdio: 'pipe',
    });
    const pair = { keyPem: readFileSync(key, 'utf8'), certificatePem: readFileSync(certificate, 'utf8') };
    made.set(all, pair);
    return pair;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
