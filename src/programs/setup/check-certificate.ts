// The certificate of the doors for letters: whether it holds the names it should, and how long it lasts.

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Config } from '#base/config/read.ts';
import type { RecordFinding } from '#formats/zone/house-report.ts';
import type { ProblemKind } from '#formats/zone/report-words.ts';
import { readStored } from '../acme/key-files.ts';
import { certificateNames, type HouseFacts } from './house-facts.ts';

const DAY_MS = 86_400_000;
const URGENT_MS = 7 * DAY_MS;
const SOON_MS = 21 * DAY_MS;

export interface CertificateState {
  /** undefined: none is set; empty: it is there and may not be read. */
  readonly pem: string | undefined;
  readonly nowMs: number;
}

/** Of files, or the one that was fetched. */
export async function readCertificate(config: Config, nowMs: number): Promise<CertificateState> {
  const { tlsCert } = config;
  if (config.acme !== undefined) return { pem: readStored(config.kitDir)?.certificatePem, nowMs };
  if (tlsCert === undefined) return { pem: undefined, nowMs };
  return { pem: await readFile(tlsCert, 'utf8').catch(() => ''), nowMs };
}

export function certificateFinding(facts: HouseFacts, { pem, nowMs }: CertificateState): RecordFinding {
  const { state, problem, found } = judge(facts, pem, nowMs);
  return { id: 'certificate', state, record: null, found, problem, why: 'certificate' };
}

type Judgement = Pick<RecordFinding, 'state' | 'problem' | 'found'>;

function judge(facts: HouseFacts, pem: CertificateState['pem'], nowMs: number): Judgement {
  if (pem === undefined) return facts.hasAcme ? wrong('red', 'certificateAwaited') : wrong('hint', 'certificateNone');
  const certificate = parse(pem);
  if (certificate === undefined) return wrong('red', 'certificateUnreadable');
  const endsMs = Date.parse(certificate.validTo);
  const found = [certificate.subjectAltName ?? '', new Date(endsMs).toISOString().slice(0, 10)];
  const missing = certificateNames(facts).filter((name) => certificate.checkHost(name) === undefined);
  if (endsMs <= nowMs) return wrong('red', 'certificateOver', found);
  if (missing.includes(facts.mxHost)) return wrong('red', 'certificateName', found, [facts.mxHost]);
  if (endsMs - nowMs < URGENT_MS) return wrong('red', 'certificateWeek', found);
  if (endsMs - nowMs < SOON_MS) return wrong('hint', 'certificateWeeks', found);
  if (missing.length > 0) return wrong('hint', 'certificateNames', found, [missing.join(', ')]);
  return { state: 'green', problem: null, found };
}

function wrong(
  state: 'red' | 'hint',
  kind: ProblemKind,
  found: readonly string[] = [],
  facts: readonly string[] = [],
): Judgement {
  return { state, problem: { kind, facts }, found };
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
