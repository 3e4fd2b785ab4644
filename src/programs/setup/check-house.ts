// Asks DNS for every record that a house should publish and says what is there, what is not, and what to set.

import { lookUpTexts, type Dns } from '#base/dns/dns.ts';
import { createResolveName } from '#base/outgoing/resolve-name.ts';
import type { Result } from '#base/result.ts';
import { parseDmarcRecord } from '#formats/dkim/dmarc-record.ts';
import { isSpfRecord } from '#formats/dkim/spf-record.ts';
import { parseTagList, withoutBlank } from '#formats/dkim/tag-list.ts';
import { formatStsPolicy, parseStsPolicy } from '#formats/mta-sts/sts-policy.ts';
import { findStsId, tlsReportTargets } from '#formats/mta-sts/sts-record.ts';
import type { HouseReport, RecordFinding } from '#formats/zone/house-report.ts';
import type { ProblemKind } from '#formats/zone/report-words.ts';
import { zoneLine } from '#formats/zone/zone-record.ts';
import { checkSpf } from '#post/reception/authentication/check-spf.ts';
import { arpaName } from './arpa-name.ts';
import { certificateFinding, type CertificateState } from './check-certificate.ts';
import { stsPolicyOf, type HouseFacts } from './house-facts.ts';
import { houseRecords, stsId, type HouseRecord } from './house-records.ts';

export interface CheckNeighbours {
  readonly dns: Dns;
  /** Public addresses of this machine as it knows them; may be none behind a router. */
  readonly addresses: readonly string[];
  readonly certificate: CertificateState;
  /** The policy of MTA-STS as the world gets it; the refusal is a word. */
  readonly fetchPolicy: (domain: string) => Promise<Result<string, { readonly kind: string }>>;
}

type Problem = RecordFinding['problem'];

interface Judged {
  readonly problem: Problem;
  readonly found?: readonly string[];
  /** A hint although the record is not optional. */
  readonly isHint?: boolean;
}

/** Never rejects for anything that a name server says. */
export async function checkHouse(facts: HouseFacts, neighbours: CheckNeighbours): Promise<HouseReport> {
  const check = new HouseCheck(facts, neighbours);
  const records = houseRecords(facts, neighbours.addresses);
  const findings = [
    ...(await Promise.all(records.map((wanted) => check.record(wanted)))),
    ...(await check.machine()),
    certificateFinding(facts, neighbours.certificate),
  ];
  const isGreen = findings.every(({ state }) => state !== 'red');
  return { domain: facts.domain, mxHost: facts.mxHost, isGreen, findings };
}

class HouseCheck {
  readonly #facts: HouseFacts;
  readonly #neighbours: CheckNeighbours;
  readonly #dns: Dns;
  readonly #resolve: ReturnType<typeof createResolveName>;

  constructor(facts: HouseFacts, neighbours: CheckNeighbours) {
    this.#facts = facts;
    this.#neighbours = neighbours;
    this.#dns = neighbours.dns;
    this.#resolve = createResolveName(neighbours.dns);
  }

  async record(wanted: HouseRecord): Promise<RecordFinding> {
    const { kind, record, why, isOptional = false } = wanted;
    const { problem, found = [], isHint = false } = await this.#judge(wanted);
    const state = problem === null ? 'green' : isOptional || isHint ? 'hint' : 'red';
    const { name, type, value } = record;
    return { id: kind, state, record: { name, type, value, line: zoneLine(record) }, found, problem, why };
  }

  #judge(wanted: HouseRecord): Promise<Judged> | Judged {
    const { record } = wanted;
    switch (wanted.kind) {
      case 'mx':
        return this.#mx();
      case 'address':
        return this.#address(wanted);
      case 'spf':
        return this.#spf();
      case 'dkim':
        return this.#dkim(wanted);
      case 'dmarc':
        return this.#texts(record.name, 'v=DMARC1', (texts) => dmarcProblem(texts));
      case 'mta-sts':
        return this.#texts(record.name, 'v=STSv1', (texts) => this.#stsProblem(texts));
      case 'tls-rpt':
        return this.#texts(record.name, 'v=TLSRPTv1', (texts) =>
          tlsReportTargets(texts).length > 0 ? null : no('none'),
        );
      case 'mta-sts-host':
      case 'autoconfig':
      case 'openpgpkey':
        return this.#sameMachine(record.name);
      case 'srv':
        return this.#srv(wanted);
      case 'caa':
        return this.#caa(record.name);
      default:
        return wanted.kind satisfies never;
    }
  }

  async #mx(): Promise<Judged> {
    const { domain, mxHost } = this.#facts;
    const answer = await this.#dns.lookUp(domain, 'MX');
    const hosts = (answer.ok ? answer.value.flatMap(readExchange) : []).toSorted((a, b) => a.rank - b.rank);
    const found = hosts.map(({ rank, host }) => `${rank} ${host}.`);
    const own = hosts.find(({ host }) => host === mxHost);
    if (!answer.ok && answer.error.kind === 'noAnswer') return { problem: no('noAnswer'), found };
    if (own === undefined) return { problem: no('noMx', mxHost), found };
    const before = hosts.filter(({ host, rank }) => host !== mxHost && rank <= own.rank);
    if (before.length > 0) return { problem: no('mxBefore', before.map(({ host }) => host).join(', ')), found };
    if (hosts.length > 1) return { problem: no('mxFurther'), found, isHint: true };
    return { problem: null, found };
  }

  async #address({ record }: HouseRecord): Promise<Judged> {
    const { mxHost } = this.#facts;
    const addresses = await this.#resolve(mxHost);
    const found = addresses.ok ? addresses.value : [];
    if (!addresses.ok)
      return { problem: addresses.error.kind === 'noAnswer' ? no('noAnswer') : no('noAddress', mxHost), found };
    const own = this.#neighbours.addresses;
    if (own.length > 0 && !found.includes(record.value)) {
      const problem = no('otherAddress', mxHost, found.join(', '), record.value);
      return { problem, found, isHint: true };
    }
    return { problem: null, found };
  }

  async #spf(): Promise<Judged> {
    const { domain, mxHost, smarthost } = this.#facts;
    const texts = await lookUpTexts(this.#dns, domain);
    const found = texts.ok ? texts.value.filter(isSpfRecord) : [];
    if (!texts.ok && texts.error.kind === 'noAnswer') return { problem: no('noAnswer') };
    if (found.length === 0) return { problem: no('none'), found };
    if (found.length > 1) return { problem: no('spfSeveral'), found };
    const senders = await this.#resolve(smarthost ?? mxHost);
    if (!senders.ok) return { problem: no('noAddress', smarthost ?? mxHost), found, isHint: true };
    for (const peer of senders.value) {
      const sender = { local: 'postmaster', domain };
      const { status } = await checkSpf({ peer, greetingName: mxHost, sender }, this.#dns);
      if (status === 'pass') continue;
      // a smarthost often sends from other machines than it takes letters on
      const isHint = smarthost !== undefined && status !== 'permerror';
      return { problem: no('spfJudges', peer, status), found, isHint };
    }
    return { problem: null, found };
  }

  async #dkim({ record }: HouseRecord): Promise<Judged> {
    const texts = await lookUpTexts(this.#dns, record.name);
    const found = texts.ok ? texts.value : [];
    if (!texts.ok && texts.error.kind === 'noAnswer') return { problem: no('noAnswer') };
    const isLeaving = this.#facts.dkim.some(
      ({ name, state }) => state === 'leaving' && record.name.startsWith(`${name}.`),
    );
    const wanted = keyOf(record.value);
    if (found.length > 1) return { problem: no('dkimSeveral'), found };
    if (found.length === 0) return { problem: no('none'), found, isHint: isLeaving };
    if (keyOf(found[0] ?? '') !== wanted) return { problem: no('dkimOther'), found, isHint: isLeaving };
    return { problem: null, found };
  }

  async #texts(name: string, begin: string, judge: (texts: readonly string[]) => Problem): Promise<Judged> {
    const texts = await lookUpTexts(this.#dns, name);
    if (!texts.ok && texts.error.kind === 'noAnswer') return { problem: no('noAnswer') };
    const found = texts.ok ? texts.value.filter((text) => text.startsWith(begin)) : [];
    return { problem: judge(found), found };
  }

  #stsProblem(texts: readonly string[]): Problem {
    const id = findStsId(texts);
    if (id === undefined) return no('none');
    return id === stsId(this.#facts) ? null : no('stsId');
  }

  async #sameMachine(name: string): Promise<Judged> {
    const { webHost } = this.#facts;
    const [there, here] = await Promise.all([this.#resolve(name), this.#resolve(webHost)]);
    const found = there.ok ? there.value : [];
    if (!there.ok) return { problem: there.error.kind === 'noAnswer' ? no('noAnswer') : no('noName', name), found };
    const isSame = here.ok && found.some((address) => here.value.includes(address));
    return { problem: isSame ? null : no('otherMachine', name, webHost), found };
  }

  async #srv({ record }: HouseRecord): Promise<Judged> {
    const answer = await this.#dns.lookUp(record.name, 'SRV');
    const places = answer.ok ? answer.value.flatMap(readPlace) : [];
    const found = places.map(({ host, port }) => `${host}:${port}`);
    const [, , port, host] = record.value.split(' ');
    const isThere = found.includes(`${(host ?? '').replace(/\.$/, '')}:${port}`);
    return { problem: isThere ? null : no('none'), found };
  }

  async #caa(name: string): Promise<Judged> {
    const answer = await this.#dns.lookUp(name, 'CAA');
    const found = answer.ok ? answer.value.flatMap(readIssuer) : [];
    return { problem: found.length > 0 ? null : no('anyIssuer'), found };
  }

  /** What is no record of the domain: the machine's name backwards, the rule as it is served, the way in. */
  async machine(): Promise<readonly RecordFinding[]> {
    const { mxHost } = this.#facts;
    const policy = await this.#policy();
    const way: RecordFinding = {
      id: 'port-25',
      state: 'hint',
      record: null,
      found: [],
      problem: no('port25', mxHost),
      why: 'port-25',
    };
    return [...(policy === undefined ? [] : [policy]), await this.#reverse(), way];
  }

  async #policy(): Promise<RecordFinding | undefined> {
    const wanted = stsPolicyOf(this.#facts);
    if (wanted === undefined) return undefined;
    const { domain } = this.#facts;
    const served = await this.#neighbours.fetchPolicy(domain);
    const parsed = served.ok ? parseStsPolicy(served.value) : undefined;
    const isEqual = parsed?.ok === true && formatStsPolicy(parsed.value) === formatStsPolicy(wanted);
    const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`;
    const problem = served.ok
      ? no('policyOther', url, wanted.mode, wanted.mx.join(', '))
      : no('policyUnread', url, served.error.kind);
    return {
      id: 'mta-sts-policy',
      state: isEqual ? 'green' : 'red',
      record: null,
      found: served.ok
        ? served.value
            .split(/\r?\n/)
            .filter((line) => line !== '')
            .slice(0, 10)
        : [],
      problem: isEqual ? null : problem,
      why: 'mta-sts-policy',
    };
  }

  async #reverse(): Promise<RecordFinding> {
    const { mxHost } = this.#facts;
    const addresses = await this.#resolve(mxHost);
    const names = await Promise.all(
      (addresses.ok ? addresses.value : []).map(async (address) => {
        const answer = await this.#dns.lookUp(arpaName(address), 'PTR');
        return { address, names: answer.ok ? answer.value.map((name) => String(name).toLowerCase()) : [] };
      }),
    );
    const wrong = names.filter((entry) => !entry.names.includes(mxHost));
    const isGood = names.length > 0 && wrong.length === 0;
    const problem =
      names.length === 0
        ? no('noAddress', mxHost)
        : no('ptrOther', wrong.map(({ address }) => address).join(', '), mxHost);
    return {
      id: 'ptr',
      state: isGood ? 'green' : 'hint',
      record: null,
      found: names.flatMap((entry) => entry.names),
      problem: isGood ? null : problem,
      why: 'ptr',
    };
  }
}

function no(kind: ProblemKind, ...facts: readonly string[]): NonNullable<Problem> {
  return { kind, facts };
}

function dmarcProblem(texts: readonly string[]): Problem {
  if (texts.length > 1) return no('dmarcSeveral');
  const policy = parseDmarcRecord(texts[0] ?? '')?.policy;
  if (policy === undefined) return no('dmarcInvalid');
  return policy === 'none' ? no('dmarcNone') : null;
}

/** The public key in a DKIM record. */
function keyOf(text: string): string | undefined {
  const key = parseTagList(text)?.get('p');
  return key === undefined ? undefined : withoutBlank(key);
}

function readExchange(answer: unknown): readonly { readonly rank: number; readonly host: string }[] {
  if (answer === null || typeof answer !== 'object' || !('exchange' in answer) || !('priority' in answer)) return [];
  const { exchange, priority } = answer;
  return typeof exchange === 'string' && typeof priority === 'number'
    ? [{ rank: priority, host: exchange.toLowerCase() }]
    : [];
}

function readPlace(answer: unknown): readonly { readonly host: string; readonly port: number }[] {
  if (answer === null || typeof answer !== 'object' || !('name' in answer) || !('port' in answer)) return [];
  const { name, port } = answer;
  return typeof name === 'string' && typeof port === 'number' ? [{ host: name.toLowerCase(), port }] : [];
}

function readIssuer(answer: unknown): readonly string[] {
  return answer !== null && typeof answer === 'object' && 'issue' in answer ? [String(answer.issue)] : [];
}
