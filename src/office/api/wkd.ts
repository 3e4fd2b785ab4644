// Web Key Directory: certificates of the house's addresses, binary, by the advanced and the direct method, with the policy file (draft-koch-openpgp-webkey-service).

import { Hono, type Context } from 'hono';
import { limits } from '#base/limits.ts';
import { wkdHash } from '#formats/openpgp/wkd-address.ts';
import { parseAddress, normaliseAddress, formatAddress } from '#formats/smtp/address.ts';
import { findCertificate, isOwnDomain, readAddresses } from '#vault/database/accounts-read.ts';
import type { Reader } from '#vault/database/reader.ts';
import { problem } from './problem.ts';

const HASH = /^[ybndrfg8ejkmcpqxot1uwisza345h769]{32}$/;
const PREFIX = '/.well-known/openpgpkey';

/** `domain`: answers the direct method when the Host is no domain of the house (a proxy, localhost). */
export function createWkd(reader: Reader, domain: string): Hono {
  const app = new Hono();
  const direct = async (context: Context): Promise<string> => {
    const host = (context.req.header('host') ?? '').replace(/:\d+$/, '').toLowerCase();
    return (await isOwnDomain(reader, host)) ? host : domain;
  };
  app.get(`${PREFIX}/policy`, () => policy());
  app.get(`${PREFIX}/hu/:hash`, async (context) => answerKey(reader, context, await direct(context)));
  app.get(`${PREFIX}/:domain/policy`, () => policy());
  app.get(`${PREFIX}/:domain/hu/:hash`, (context) =>
    answerKey(reader, context, context.req.param('domain').toLowerCase()),
  );
  return app;
}

function policy(): Response {
  return new Response('# Keys are published by the accounts themselves.\n', {
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
}

async function answerKey(reader: Reader, context: Context, domain: string): Promise<Response> {
  const hash = context.req.param('hash') ?? '';
  const address = HASH.test(hash) ? await findAddress(reader, domain, hash, context.req.query('l')) : undefined;
  const certificate = address === undefined ? undefined : await findCertificate(reader, address);
  if (!certificate) return problem('notFound');
  return new Response(new Uint8Array(certificate), {
    headers: { 'content-type': 'application/octet-stream', 'cache-control': 'max-age=3600' },
  });
}

/** Clients send the local part beside the hash; those that do not cost a bounded search. */
async function findAddress(
  reader: Reader,
  domain: string,
  hash: string,
  local: string | undefined,
): Promise<string | undefined> {
  if (local !== undefined) {
    const parsed = parseAddress(`${local}@${domain}`);
    if (!parsed.ok || wkdHash(local) !== hash) return undefined;
    return formatAddress(normaliseAddress(parsed.value));
  }
  let after = '';
  for (let searched = 0; searched < limits.http.wkdSearchMax; searched += limits.http.wkdPage) {
    const addresses = await readAddresses(reader, domain, after, limits.http.wkdPage);
    const found = addresses.find((address) => wkdHash(address.slice(0, address.lastIndexOf('@'))) === hash);
    if (found !== undefined || addresses.length < limits.http.wkdPage) return found;
    after = addresses.at(-1) ?? after;
  }
  return undefined;
}
