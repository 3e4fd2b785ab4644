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

interface Judged {
  readonly problem: string;
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
    const state = problem === '' ? 'green' : isOptional || isHint ? 'hint' : 'red';
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
          tlsReportTargets(texts).length > 0 ? '' : 'There is no such record: nobody can report.',
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
    if (!answer.ok && answer.error.kind === 'noAnswer') return { problem: NO_ANSWER, found };
    if (own === undefined) return { problem: `No MX record names ${mxHost}: letters do not come here.`, found };
    const before = hosts.filter(({ host, rank }) => host !== mxHost && rank <= own.rank);
    if (before.length > 0)
      return { problem: `Letters go to ${before.map(({ host }) => host).join(', ')} first, and not here.`, found };
    if (hosts.length > 1)
      return { problem: 'There are further mail servers: they must hand letters on to this one.', found, isHint: true };
    return { problem: '', found };
  }

  async #address({ record }: HouseRecord): Promise<Judged> {
    const { mxHost } = this.#facts;
    const addresses = await this.#resolve(mxHost);
    const found = addresses.ok ? addresses.value : [];
    if (!addresses.ok)
      return { problem: addresses.error.kind === 'noAnswer' ? NO_ANSWER : `${mxHost} has no address.`, found };
    const own = this.#neighbours.addresses;
    if (own.length > 0 && !found.includes(record.value)) {
      const problem = `${mxHost} leads to ${found.join(', ')}, and this machine has ${record.value}: right only behind a router or with one address of several.`;
      return { problem, found, isHint: true };
    }
    return { problem: '', found };
  }

  async #spf(): Promise<Judged> {
    const { domain, mxHost, smarthost } = this.#facts;
    const texts = await lookUpTexts(this.#dns, domain);
    const found = texts.ok ? texts.value.filter(isSpfRecord) : [];
    if (!texts.ok && texts.error.kind === 'noAnswer') return { problem: NO_ANSWER };
    if (found.length === 0) return { problem: 'There is no SPF record.', found };
    if (found.length > 1) return { problem: 'There are several SPF records: together they count as none.', found };
    const senders = await this.#resolve(smarthost ?? mxHost);
    if (!senders.ok) return { problem: `${smarthost ?? mxHost} has no address to check it with.`, found, isHint: true };
    for (const peer of senders.value) {
      const sender = { local: 'postmaster', domain };
      const { status } = await checkSpf({ peer, greetingName: mxHost, sender }, this.#dns);
      if (status === 'pass') continue;
      // a smarthost often sends from other machines than it takes letters on
      const isHint = smarthost !== undefined && status !== 'permerror';
      return { problem: `Letters from ${peer} would be judged “${status}” by it.`, found, isHint };
    }
    return { problem: '', found };
  }

  async #dkim({ record }: HouseRecord): Promise<Judged> {
    const texts = await lookUpTexts(this.#dns, record.name);
    const found = texts.ok ? texts.value : [];
    if (!texts.ok && texts.error.kind === 'noAnswer') return { problem: NO_ANSWER };
    const isLeaving = this.#facts.dkim.some(
      ({ name, state }) => state === 'leaving' && record.name.startsWith(`${name}.`),
    );
    const wanted = keyOf(record.value);
    if (found.length > 1) return { problem: 'There are several records at this name: one is allowed.', found };
    if (found.length === 0) return { problem: 'There is no record at this name.', found, isHint: isLeaving };
    if (keyOf(found[0] ?? '') !== wanted) return { problem: 'Another key stands there.', found, isHint: isLeaving };
    return { problem: '', found };
  }

  async #texts(name: string, begin: string, judge: (texts: readonly string[]) => string): Promise<Judged> {
    const texts = await lookUpTexts(this.#dns, name);
    if (!texts.ok && texts.error.kind === 'noAnswer') return { problem: NO_ANSWER };
    const found = texts.ok ? texts.value.filter((text) => text.startsWith(begin)) : [];
    return { problem: judge(found), found };
  }

  #stsProblem(texts: readonly string[]): string {
    const id = findStsId(texts);
    if (id === undefined) return 'There is no such record: nobody asks for the rule.';
    return id === stsId(this.#facts) ? '' : 'Its id is another one: servers that know the old rule do not look again.';
  }

  async #sameMachine(name: string): Promise<Judged> {
    const { webHost } = this.#facts;
    const [there, here] = await Promise.all([this.#resolve(name), this.#resolve(webHost)]);
    const found = there.ok ? there.value : [];
    if (!there.ok) return { problem: there.error.kind === 'noAnswer' ? NO_ANSWER : `${name} does not exist.`, found };
    const isSame = here.ok && found.some((address) => here.value.includes(address));
    return { problem: isSame ? '' : `${name} leads elsewhere than ${webHost}.`, found };
  }

  async #srv({ record }: HouseRecord): Promise<Judged> {
    const answer = await this.#dns.lookUp(record.name, 'SRV');
    const places = answer.ok ? answer.value.flatMap(readPlace) : [];
    const found = places.map(({ host, port }) => `${host}:${port}`);
    const [, , port, host] = record.value.split(' ');
    const isThere = found.includes(`${(host ?? '').replace(/\.$/, '')}:${port}`);
    return { problem: isThere ? '' : 'There is no such record.', found };
  }

  async #caa(name: string): Promise<Judged> {
    const answer = await this.#dns.lookUp(name, 'CAA');
    const found = answer.ok ? answer.value.flatMap(readIssuer) : [];
    return { problem: found.length > 0 ? '' : 'Any authority may issue certificates for this domain.', found };
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
      problem: `Whether it is reached from outside cannot be seen from here. From another machine: openssl s_client -starttls smtp -connect ${mxHost}:25`,
      why: 'Other servers bring letters on port 25; many providers close it until they are asked.',
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
      ? `${url} is not the rule of this house: mode ${wanted.mode}, mx ${wanted.mx.join(', ')}.`
      : `${url} cannot be read (${served.error.kind}).`;
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
      problem: isEqual ? '' : problem,
      why: 'A rule that is announced and cannot be read protects nobody.',
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
        ? `${mxHost} has no address yet.`
        : `${wrong.map(({ address }) => address).join(', ')} does not lead back to ${mxHost}. Whoever gave you the address sets that (reverse DNS, PTR).`;
    return {
      id: 'ptr',
      state: isGood ? 'green' : 'hint',
      record: null,
      found: names.flatMap((entry) => entry.names),
      problem: isGood ? '' : problem,
      why: 'Many servers refuse letters from a machine whose address does not lead back to the name it greets with.',
    };
  }
}

const NO_ANSWER = 'The name server does not answer. Try again in a moment.';

function dmarcProblem(texts: readonly string[]): string {
  if (texts.length > 1) return 'There are several DMARC records: together they count as none.';
  const policy = parseDmarcRecord(texts[0] ?? '')?.policy;
  if (policy === undefined) return 'There is no valid DMARC record.';
  return policy === 'none' ? 'Its policy is none: forged letters in this domain’s name are let through.' : '';
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
