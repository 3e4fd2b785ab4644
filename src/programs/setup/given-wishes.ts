// What `siegel setup` wants when nobody is asked: out of the options that were given, with what is missing said.

import { err, ok, type Result } from '#base/result.ts';
import type { Call, CommandRefusal } from '../command.ts';
import { isUnset, type Wishes } from './wanted-settings.ts';

export function givenWishes({ config, options }: Call): Result<Wishes, CommandRefusal> {
  if (isUnset(config.domain)) return misused('say what stands behind the @ of your addresses: --domain example.org');
  const out = givenOut(config, options['out']);
  if (!out.ok) return out;
  const certificate = givenCertificate(config, options['certificate']);
  if (!certificate.ok) return certificate;
  const { domain, mxHost = `mail.${domain}`, backupDir } = config;
  return ok({ domain, mxHost, out: out.value, backupDir, certificate: certificate.value });
}

function givenOut(config: Call['config'], how: string | undefined): Result<Wishes['out'], CommandRefusal> {
  const { smarthost, smarthostLogin } = config;
  if (how !== undefined && how !== 'direct' && how !== 'smarthost') return misused('--out is direct or smarthost.');
  if (how === 'smarthost' && smarthost === undefined) return misused('--out smarthost needs --smarthost HOST:PORT.');
  if (how === 'direct' || smarthost === undefined) return ok({ kind: 'direct' });
  return ok({ kind: 'smarthost', relay: smarthost, loginFile: smarthostLogin });
}

function givenCertificate(
  config: Call['config'],
  how: string | undefined,
): Result<Wishes['certificate'], CommandRefusal> {
  const { tlsCert, tlsKey, acme, acmeContact } = config;
  const kind = how ?? (acme !== undefined ? 'acme' : tlsCert !== undefined ? 'files' : 'proxy');
  switch (kind) {
    case 'files':
      if (tlsCert === undefined || tlsKey === undefined)
        return misused('--certificate files needs --tls-cert and --tls-key.');
      return ok({ kind, tlsCert, tlsKey });
    case 'acme':
      if (acme === undefined) return misused('--certificate acme needs --acme URL, the directory of the authority.');
      return ok({ kind, directory: acme, contact: acmeContact });
    case 'proxy':
      return ok({ kind });
    default:
      return misused('--certificate is files, acme or proxy.');
  }
}

function misused(sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'misused', sentence });
}
