// What records promise to their account: the facts of its receipts, as they were when the record took effect (decision 0012).

import { createHash } from 'node:crypto';
import type { AccountId } from '#base/ids.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { parsePublicKey } from '#formats/openpgp/public-key.ts';
import type { Command, CommandOf } from '../../journal/commands.ts';
import type { RecordHeader } from '../../journal/record.ts';
import { int2s, int4s, int8s, texts, uuids } from '../array-parameter.ts';
import { uuidToId } from '../ids.ts';
import type { Uuid } from '../tables.ts';
import { bytesOf, type Context } from './effect.ts';

type Facts = CommandOf<'receiptRecorded'>['effect']['facts'];

export interface PromiseRow {
  readonly account: Uuid;
  readonly header: RecordHeader;
  readonly nth: number;
  readonly kind: string;
  readonly facts: Facts;
}

/** The account of promises that the house makes to nobody in particular. */
export const HOUSE_UUID: Uuid = '00000000-0000-0000-0000-000000000000';

const INSERT = `
  INSERT INTO receipt (account_id, journal, seq, nth, kind, time_ms, facts)
  SELECT * FROM unnest($1::uuid[], $2::int4[], $3::int8[], $4::int2[], $5::text[], $6::int8[], $7::text[])`;
const OWN_ADDRESSES = `
  SELECT address FROM address WHERE account_id = $1 AND removed_ms IS NULL ORDER BY address COLLATE "C"`;
const OWN_KEY = 'SELECT certificate, keys_version FROM account WHERE account_id = $1';

export async function insertPromises({ tx }: Pick<Context, 'tx'>, rows: readonly PromiseRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.rows(INSERT, [
    uuids(rows.map(({ account }) => account)),
    int4s(rows.map(({ header }) => header.journal)),
    int8s(rows.map(({ header }) => header.seq)),
    int2s(rows.map(({ nth }) => nth)),
    texts(rows.map(({ kind }) => kind)),
    int8s(rows.map(({ header }) => header.timeMs)),
    texts(rows.map(({ facts }) => canonicalJson(facts))),
  ]);
}

export function signUpPromises(
  account: Uuid,
  header: RecordHeader,
  { address, keys }: CommandOf<'accountCreated'>['effect'],
): readonly PromiseRow[] {
  const created = { account: uuidToId<AccountId>(account), address };
  return [
    { account, header, nth: 0, kind: 'account-created', facts: created },
    {
      account,
      header,
      nth: 1,
      kind: 'key-published',
      facts: keyFacts(address, bytesOf(keys.certificate), keys.version),
    },
  ];
}

/** `account` undefined: the house's own. */
export function recordedPromise(
  account: Uuid | undefined,
  header: RecordHeader,
  { kind, facts }: CommandOf<'receiptRecorded'>['effect'],
): PromiseRow {
  return { account: account ?? HOUSE_UUID, header, nth: 0, kind, facts };
}

/** What the desk said to everybody, a report or a standing statement: anybody may ask whether it is still what was said. */
export function deskPromises(
  header: RecordHeader,
  { entries }: CommandOf<'deskNoted'>['effect'],
): readonly PromiseRow[] {
  return entries.flatMap(({ kind, event }, nth) => {
    const promised = { account: HOUSE_UUID, header, nth };
    if (kind === 'REPORTED') return [{ ...promised, kind: 'transparency-report', facts: reportFacts(event) }];
    return kind === 'STATED' ? [{ ...promised, kind: 'standing-statement', facts: statementFacts(event) }] : [];
  });
}

function statementFacts(event: string): Facts {
  const { statement = '' } = JSON.parse(event) as { readonly statement?: string };
  return { sha256: createHash('sha256').update(statement).digest('hex') };
}

/** Of an event as it was journalled; what it lacks is left out. */
function reportFacts(event: string): Facts {
  const {
    report = '',
    year = null,
    erratum = null,
  } = JSON.parse(event) as {
    readonly report?: string;
    readonly year?: number;
    readonly erratum?: number;
  };
  return { year, erratum, sha256: createHash('sha256').update(report).digest('hex') };
}

/** The promises of a command whose effect was just applied; most are none. */
export async function promisesOf(
  { tx }: Pick<Context, 'tx'>,
  { account, header }: { readonly account: Uuid; readonly header: RecordHeader },
  command: Command,
): Promise<readonly PromiseRow[]> {
  const published = { account, header, kind: 'key-published' };
  switch (command.kind) {
    case 'credentialPromoted': {
      const facts = { account: uuidToId<AccountId>(account), version: command.effect.version };
      return [{ account, header, nth: 0, kind: 'password-changed', facts }];
    }
    case 'keysPut':
    case 'holderRemoved': {
      const { certificate, version } = command.effect.keys;
      const rows = await tx.rows<{ address: string }>(OWN_ADDRESSES, [account]);
      return rows.map(({ address }, nth) => {
        return { ...published, nth, facts: keyFacts(address, bytesOf(certificate), version) };
      });
    }
    case 'addressAdded': {
      const [own] = await tx.rows<{ certificate: Buffer; keys_version: number }>(OWN_KEY, [account]);
      if (own === undefined) return [];
      return [{ ...published, nth: 0, facts: keyFacts(command.effect.address, own.certificate, own.keys_version) }];
    }
    default:
      return [];
  }
}

/** `certificate`: SHA-256 of what WKD hands out; `fingerprint` as OpenPGP programs show it, empty for a key they cannot read. */
function keyFacts(address: string, certificate: Uint8Array, version: number): Facts {
  const parsed = parsePublicKey(Uint8Array.from(certificate));
  return {
    address,
    certificate: toBase64Url(createHash('sha256').update(certificate).digest()),
    fingerprint: parsed.ok ? Buffer.from(parsed.value.fingerprint).toString('hex') : '',
    version,
  };
}
