// The certificate and its key, read once for all doors while their files can still be reached: the key may be root's alone.

import { readFileSync } from 'node:fs';
import type { Config } from '#base/config/read.ts';

export interface TlsPair {
  readonly keyPem: string;
  readonly certificatePem: string;
}

export function readTls({ tlsCert, tlsKey }: Pick<Config, 'tlsCert' | 'tlsKey'>): TlsPair | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { keyPem: readFileSync(tlsKey, 'utf8'), certificatePem: readFileSync(tlsCert, 'utf8') };
}
