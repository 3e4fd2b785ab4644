// A register as it stands in the database, for tests: written by the rules of the house, with real signatures of real keys.

import { dayOf } from '#formats/desk/calendar-day.ts';
import { statementText, type Statement } from '../statement/statement.ts';
import { statementTemplate } from '../statement/template.ts';
import { requireValue } from '#base/assert.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { DeskEntryRow, DeskFilingRow } from '#vault/database/read-desk.ts';
import { decideAdmissibility } from '../policy/admissibility.ts';
import { statementOfLook } from '#formats/desk/check-look.ts';
import { statementOf } from '#formats/desk/check-review.ts';
import { lookToSign } from '../book/look-to-sign.ts';
import { reviewToSign } from '../book/review-to-sign.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import { fillTemplate, makePerson, signAs, type Person } from '../policy/test-policy.ts';
import { FIRST_HEAD, headAfter, leafOf, sha256 } from '../register/chain.ts';
import { filingOf, isFilingEvent, subjectOf, type DeskEvent, type Entry } from '../register/event.ts';
import { followingOf, stepFiling, type FilingRow } from '../register/fold.ts';
import type {
  ArrivalId,
  CalendarDay,
  Channel,
  Digest,
  Filing,
  FilingNumber,
  Fingerprint,
  LookFault,
  Reason,
  Verdict,
} from '#formats/desk/model.ts';
import { merkleRootOf } from './merkle-root.ts';
import { factsOf, reportOf, reportText } from './report.ts';

export interface People {
  readonly clerk: Person;
  readonly officer: Person;
  readonly lawyer: Person;
}

export async function makePeople(): Promise<People> {
  const [clerk, officer, lawyer] = await Promise.all([
    makePerson('Mara Kaya', 'CLERK'),
    makePerson('Jonas Brandt', 'OFFICER'),
    makePerson('Leyla Yıldız', 'LAWYER'),
  ]);
  return { clerk, officer, lawyer };
}

/** Somebody’s outside the house. */
const AUTHORITY = 'ee'.repeat(20) as Fingerprint;
const START_MS = Date.parse('2023-03-01T09:00:00Z');

export class TestRegister {
  readonly people: People;
  policy: Policy;
  readonly entries: Entry[] = [];
  readonly heads: Digest[] = [FIRST_HEAD];
  readonly rows = new Map<FilingNumber, FilingRow>();
  #newestReport: string | undefined;

  constructor(people: People) {
    this.people = people;
    this.policy = fillTemplate([people.clerk, people.officer, people.lawyer]);
  }

  get nowMs(): number {
    return START_MS + this.entries.length * 60_000;
  }

  add(event: DeskEvent): void {
    const nth = this.entries.length;
    const entry: Entry = { nth, atMs: this.nowMs, blind: sha256(Buffer.from(`blind ${nth}`)), event };
    if (isFilingEvent(event)) {
      const filing = filingOf(event);
      const row = stepFiling(this.rows.get(filing), event, entry);
      if (!row.ok) throw new Error(`${event.kind}: ${row.error.kind}`);
      this.rows.set(filing, row.value);
    }
    this.#append(entry);
    const follows = isFilingEvent(event) ? followingOf(event, this.row(filingOf(event))) : undefined;
    if (follows) this.add(follows);
  }

  /** Past the rules: as somebody writes it into the database. */
  push(event: DeskEvent): void {
    const nth = this.entries.length;
    this.#append({ nth, atMs: this.nowMs, blind: sha256(Buffer.from(`blind ${nth}`)), event });
  }

  #append(entry: Entry): void {
    this.entries.push(entry);
    this.heads.push(headAfter(this.head, leafOf(entry)));
  }

  get head(): Digest {
    return requireValue(this.heads.at(-1), 'a head');
  }

  row(filing: FilingNumber): FilingRow {
    return requireValue(this.rows.get(filing), 'a row');
  }

  /** Signed by officer and lawyer of the roster before it. */
  async putPolicy(policy = this.policy): Promise<void> {
    const text = canonicalJson(policy);
    const signatures = await Promise.all([this.people.officer, this.people.lawyer].map((who) => signAs(who, text)));
    this.add({ kind: 'POLICY_PUT', policy: policyDigest(policy), text, signatures });
    this.policy = policy;
  }

  /** Filed and looked at, in the year of the clock. */
  file(more: Partial<Filing> = {}): FilingNumber {
    const filing = this.filingOf(more);
    this.add({ kind: 'FILED', filing, by: this.people.clerk.member.fingerprint });
    if (filing.corrects !== null) this.add({ kind: 'CORRECTED', filing: filing.corrects, correctedBy: filing.filing });
    this.check(filing);
    return filing.filing;
  }

  /** By mail, a minute ago, sealed to the roster. */
  arrive(id: string, channel: Channel = 'PGP'): readonly [ArrivalId, DeskEvent & { readonly kind: 'ARRIVED' }] {
    const arrival = id as ArrivalId;
    const event = {
      kind: 'ARRIVED',
      arrival,
      receivedMs: Date.parse('2023-06-01T08:00:00Z'),
      channel,
      file: sha256(Buffer.from(id)),
      bytes: 700,
      to: this.policy.roster.map(({ fingerprint }) => fingerprint),
    } as const;
    this.add(event);
    return [arrival, event];
  }

  /** A letter that came in, was answered by the machine and filed by the clerk. */
  takeArrival(more: Partial<Filing> = {}): void {
    const by = this.people.clerk.member.fingerprint;
    const [arrival, { channel, receivedMs, file, bytes, to }] = this.arrive('arrival-takenabcdef2');
    const policy = policyDigest(this.policy);
    this.add({ kind: 'AUTO_REPLIED', arrival, letter: sha256(), policy, rule: 'none' });
    const filing = this.filingOf({ receivedOn: '2023-06-01' as CalendarDay, channel, receivedMs, ...more });
    this.add({ kind: 'FILED', filing, by });
    this.add({ kind: 'CASE_FILE_PUT', filing: filing.filing, file, bytes, to });
    this.add({ kind: 'TAKEN', arrival, filing: filing.filing, by });
    this.check(filing);
  }

  check(filing: Filing, policy = policyDigest(this.policy)): void {
    const kinds = filing.items.map(({ kind }) => kind);
    const { decision, rule } = decideAdmissibility(this.policy, { ...filing, kinds });
    this.add({ kind: 'CHANNEL_CHECKED', filing: filing.filing, decision, rule, policy });
  }

  filingOf(more: Partial<Filing>): Filing {
    const day = more.receivedOn ?? '2023-03-01';
    const year = day.slice(0, 4);
    const nth = [...this.rows.keys()].filter((filing) => filing.startsWith(year)).length + 1;
    return {
      filing: `${year}-${String(nth).padStart(4, '0')}` as FilingNumber,
      corrects: null,
      receivedMs: Date.parse(`${day}T08:00:00Z`),
      receivedOn: day as CalendarDay,
      authority: { class: 'PROSECUTION', country: 'DE' },
      origin: 'HOME',
      channel: 'FAX',
      instrument: 'PROSECUTOR_ORDER',
      urgency: 'NORMAL',
      items: [{ kind: 'SUBSCRIBER', basis: null, from: null, until: null, target: sha256(Buffer.from('target')) }],
      targets: 1,
      ...more,
    };
  }

  async review(
    filing: FilingNumber,
    who: Person,
    verdict: Verdict,
    reasons: readonly Reason[] = [],
    { signer = who, headHash = this.head }: { readonly signer?: Person; readonly headHash?: Digest } = {},
  ): Promise<void> {
    const made = reviewToSign({
      row: this.row(filing),
      member: who.member,
      policy: this.policy,
      nowMs: this.nowMs,
      verdict,
      reasons,
      items: verdict === 'NARROW' ? [0] : null,
      head: { entries: this.entries.length, hash: headHash },
    });
    if (!made.ok) throw new Error(made.error.what);
    const signature = await signAs(signer, statementOf(made.value), { madeMs: this.nowMs });
    this.add({ kind: 'REVIEWED', filing, review: made.value, signature });
  }

  async bothSay(filing: FilingNumber, verdict: Verdict, reasons: readonly Reason[] = []): Promise<void> {
    await this.review(filing, this.people.officer, verdict, reasons);
    await this.review(filing, this.people.lawyer, verdict, reasons);
  }

  collect(filing: FilingNumber, names: readonly string[]): void {
    this.add({
      kind: 'COLLECTED',
      filing,
      disclosure: { fields: names, package: sha256(Buffer.from('package')), recipient: AUTHORITY },
      look: sha256(Buffer.from('look')),
      sealed: sha256(Buffer.from('sealed')),
      bytes: 4_096,
      by: this.people.clerk.member.fingerprint,
    });
  }

  async look(
    filing: FilingNumber,
    who: Person,
    fault: LookFault | null = null,
    { signer = who, headHash = this.head }: { readonly signer?: Person; readonly headHash?: Digest } = {},
  ): Promise<void> {
    const { collected } = this.row(filing);
    const made = lookToSign({
      filing,
      collected: requireValue(collected, 'something collected'),
      member: who.member,
      policy: this.policy,
      fault,
      nowMs: this.nowMs,
      head: { entries: this.entries.length, hash: headHash },
    });
    if (!made.ok) throw new Error(made.error.what);
    const signature = await signAs(signer, statementOfLook(made.value), { madeMs: this.nowMs });
    this.add({ kind: 'LOOKED', filing, look: made.value, signature });
  }

  /** Collected, and two look and agree. No field: nothing is held. */
  async handOver(filing: FilingNumber, names: readonly string[]): Promise<void> {
    this.collect(filing, names);
    await this.look(filing, this.people.officer);
    await this.look(filing, this.people.lawyer);
  }

  /** The report of a year as of now; each later one corrects the one before. */
  reportText(year: number): string {
    return reportText(
      reportOf({
        rows: this.rows.values(),
        year,
        policy: factsOf(this.policy),
        register: { entries: this.entries.length, head: this.head, root: merkleRootOf(this.entries.map(leafOf)) },
        generatedMs: this.nowMs,
        corrects: this.#newestReport,
      }),
    );
  }

  async putReport(
    year: number,
    report: string,
    erratum: number,
    signers = [this.people.officer, this.people.lawyer],
  ): Promise<void> {
    const signatures = await Promise.all(signers.map((who) => signAs(who, report, { madeMs: this.nowMs })));
    this.add({ kind: 'REPORTED', year, erratum, report, signatures });
    this.#newestReport = report;
  }

  /** A standing statement of this moment. */
  statement(changes: Partial<Statement> = {}): Statement {
    return {
      what: 'siegel standing statement 1',
      house: this.policy.house.name,
      dated: dayOf(this.policy.zone, this.nowMs),
      until: dayOf(this.policy.zone, this.nowMs + 90 * 86_400_000),
      says: statementTemplate,
      fact: 'Es regnete in Musterstadt.',
      policy: policyDigest(this.policy),
      head: { entries: this.entries.length, hash: this.head },
      madeAt: `${new Date(this.nowMs).toISOString().slice(0, 19)}Z`,
      ...changes,
    };
  }

  async putStatement(
    statement = this.statement(),
    signers = [this.people.officer, this.people.lawyer],
    madeMs = this.nowMs,
  ): Promise<void> {
    const text = statementText(statement);
    const signatures = await Promise.all(signers.map((who) => signAs(who, text, { madeMs })));
    this.add({ kind: 'STATED', statement: text, signatures });
  }

  /** What had followed from the first entries. */
  rowsAfter(entries: number): Iterable<FilingRow> {
    const rows = new Map<FilingNumber, FilingRow>();
    for (const entry of this.entries.slice(0, entries)) {
      const { event } = entry;
      if (!isFilingEvent(event)) continue;
      const filing = filingOf(event);
      const row = stepFiling(rows.get(filing), event, entry);
      if (row.ok) rows.set(filing, row.value);
    }
    return rows.values();
  }

  stored(): Stored {
    return storedOf(this.entries, this.rows.values());
  }
}

/** As it stands in the database. */
export interface Stored {
  readonly entries: readonly DeskEntryRow[];
  readonly rows: readonly DeskFilingRow[];
}

export function storedOf(entries: readonly Entry[], rows: Iterable<FilingRow>): Stored {
  let head = FIRST_HEAD;
  return {
    entries: entries.map((entry) => {
      const { nth, atMs, blind, event } = entry;
      const leaf = leafOf(entry);
      head = headAfter(head, leaf);
      return { nth, atMs, filing: subjectOf(event), kind: event.kind, blind, event: canonicalJson(event), leaf, head };
    }),
    rows: [...rows].map((row) => ({
      filing: row.filing,
      year: Number(row.filing.slice(0, 4)),
      receivedMs: row.receivedMs,
      state: row.state,
      contents: canonicalJson(row),
    })),
  };
}

/** Every kind of event at least once, and a report with its correction; the register of a small house. */
export async function writeRegister(people: People): Promise<TestRegister> {
  const register = new TestRegister(people);
  await register.putPolicy();
  const past = register.filingOf({ receivedOn: '2022-05-01' as CalendarDay, channel: 'POST' });
  register.add({
    kind: 'IMPORTED',
    filing: past,
    past: { outcome: 'DISCLOSED', reasons: [], decidedMs: past.receivedMs + 3_600_000 },
  });
  const fax = register.file();
  await register.bothSay(fax, 'REJECT', ['INADMISSIBLE_CHANNEL']);
  const by = people.clerk.member.fingerprint;
  register.add({ kind: 'ANSWERED', filing: fax, letter: sha256(), letterKind: 'REJECTION', language: 'de', by });
  const report = register.reportText(2023);
  const again = register.file({ corrects: fax, channel: 'PGP' });
  // the cut-off lies before what was filed while the two signed
  await register.putReport(2023, report, 0);
  const to = register.policy.roster.map(({ fingerprint }) => fingerprint);
  register.add({ kind: 'CASE_FILE_PUT', filing: again, file: sha256(Buffer.from('file')), bytes: 900, to });
  await register.bothSay(again, 'ADMIT');
  await register.handOver(again, []);
  register.add({ kind: 'CLOSED', filing: again });
  const both = { ...past.items[0], kind: 'TRAFFIC' } as const;
  const wide = register.file({ channel: 'ESB', items: [...past.items, { ...past.items[0], ...both, target: null, basis: null, from: null, until: null }] }); // prettier-ignore
  await register.bothSay(wide, 'NARROW', ['OVERBROAD']);
  register.collect(wide, ['SUBSCRIBER.addresses']);
  await register.look(wide, people.lawyer, 'TOO_MUCH');
  await register.handOver(wide, ['SUBSCRIBER.addresses', 'SUBSCRIBER.aliases']);
  register.takeArrival();
  await register.putStatement();
  const [unwanted] = register.arrive('arrival-unwanted2345');
  register.add({ kind: 'DISMISSED', arrival: unwanted, why: 'SPAM', by });
  await register.putReport(2023, register.reportText(2023), 1);
  return register;
}
