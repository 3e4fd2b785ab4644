// The certificate of the doors for letters: whether it holds the names it should, and how long it lasts.

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Config } from '#base/config/read.ts';
import type { RecordFinding } from '#formats/zone/house-report.ts';
import { certificateNames, type HouseFacts } from './house-facts.ts';

const DAY_MS = 86_400_000;
const URGENT_MS = 7 * DAY_MS;
const SOON_MS = 21 * DAY_MS;

export interface CertificateState {
  /** undefined: none is set; unreadable: it is there and we may not, or it is not one. */
  readonly pem: string | undefined | 'unreadable';
  readonly nowMs: number;
}

export async function readCertificate({ tlsCert }: Pick<Config, 'tlsCert'>, nowMs: number): Promise<CertificateState> {
  if (tlsCert === undefined) return { pem: undefined, nowMs };
  return { pem: await readFile(tlsCert, 'utf8').catch(() => 'unreadable' as const), nowMs };
}

export function certificateFinding(facts: HouseFacts, { pem, nowMs }: CertificateState): RecordFinding {
  const { state, problem, found } = judge(facts, pem, nowMs);
  const why = 'Other servers and mail programs check the certificate’s name before they trust it with a letter.';
  return { id: 'certificate', state, record: null, found, problem, why };
}

type Judgement = Pick<RecordFinding, 'state' | 'problem' | 'found'>;

function judge(facts: HouseFacts, pem: CertificateState['pem'], nowMs: number): Judgement {
  if (pem === undefined) {
    const problem = facts.hasAcme
      ? 'None has been fetched yet; siegel status says how it goes.'
      : 'There is none: letters come in unencrypted, and mail programs cannot hand letters in.';
    return { state: facts.hasAcme ? 'red' : 'hint', problem, found: [] };
  }
  const certificate = pem === 'unreadable' ? undefined : parse(pem);
  if (certificate === undefined) return { state: 'red', problem: 'The file cannot be read or holds none.', found: [] };
  const endsMs = Date.parse(certificate.validTo);
  const found = [certificate.subjectAltName ?? '', `until ${new Date(endsMs).toISOString().slice(0, 10)}`];
  const missing = certificateNames(facts).filter((name) => certificate.checkHost(name) === undefined);
  const bad = (problem: string): Judgement => ({ state: 'red', problem, found });
  if (endsMs <= nowMs) return bad('It has ended: other servers that insist on encryption bring nothing more.');
  if (missing.includes(facts.mxHost)) return bad(`It does not hold the name ${facts.mxHost}.`);
  if (endsMs - nowMs < URGENT_MS) return bad('It ends within a week.');
  if (endsMs - nowMs < SOON_MS) return { state: 'hint', problem: 'It ends within three weeks.', found };
  if (missing.length > 0)
    return { state: 'hint', problem: `It does not hold ${missing.join(', ')}; a proxy in front may.`, found };
  return { state: 'green', problem: '', found };
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
