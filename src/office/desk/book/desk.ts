// What people of the desk may do: file, review, answer, correct, close, and put a policy into force; each is one decision of the register.

import { readJson } from '#formats/canonical-json/read-json.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { decideAdmissibility } from '../policy/admissibility.ts';
import { checkNextPolicy, checkPolicyChain, type ChainRefusal } from '#formats/desk/check-policy-signatures.ts';
import { checkReview, parseReview, statementOf, type ReviewRefusal } from '#formats/desk/check-review.ts';
import { reviewToSign } from './review-to-sign.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy, RosterMember } from '#formats/desk/policy-shape.ts';
import { countWaitingArrivals } from '#vault/database/read-desk.ts';
import { sha256 } from '../register/chain.ts';
import type { DeskEvent, LetterKind, Past } from '../register/event.ts';
import type { FilingRow } from '../register/fold.ts';
import type {
  ArrivalId,
  Channel,
  Digest,
  Dismissal,
  Filing,
  FilingNumber,
  Fingerprint,
  Reason,
  Verdict,
} from '#formats/desk/model.ts';
import { checkCaseFile, type CaseFileRefusal, type SealedCaseFile } from './case-file.ts';
import type { BookRefusal, DeskBook, Noted, Register } from './desk-book.ts';
import { newArrivalId, takenOf } from './new-arrival.ts';
import { filingNumber, toFiling, yearOf, type FilingRefusal, type NewFiling } from './new-filing.ts';

export type DeskRefusal =
  | BookRefusal
  | ChainRefusal
  | CaseFileRefusal
  | FilingRefusal
  | ReviewRefusal
  | { readonly kind: 'policyChanged' }
  | { readonly kind: 'notInRoster'; readonly name: string }
  | { readonly kind: 'noSuchFiling'; readonly filing: string }
  | { readonly kind: 'otherHead'; readonly filing: FilingNumber }
  | { readonly kind: 'otherThanArrived'; readonly arrival: ArrivalId; readonly channel: Channel }
  | { readonly kind: 'tooMany' | 'tooManyWaiting'; readonly max: number };

export interface DeskParts {
  readonly book: DeskBook;
  /** Whose signatures bring the first policy into force: an option of the machine, in no database. */
  readonly trust: readonly Fingerprint[];
}

export interface InForce {
  readonly policy: Policy;
  /** Of all policies, oldest first. */
  readonly policies: readonly Policy[];
}

export interface Said {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly items: readonly number[] | null;
}

export interface PastFiling {
  readonly given: NewFiling;
  readonly past: Past;
  /** Which of the same list, from 0, it puts right; `given.corrects` is null. */
  readonly correctsNth: number | null;
}

export class Desk {
  readonly #book: DeskBook;
  readonly #trust: readonly Fingerprint[];
  /** Checked once for each state of the list: signatures cost milliseconds. */
  #checked: { readonly key: string; readonly inForce: InForce } | undefined;

  constructor({ book, trust }: DeskParts) {
    this.#book = book;
    this.#trust = trust;
  }

  register(): Promise<Register> {
    return this.#book.open();
  }

  /** Undefined: there is no such filing. */
  find(filing: string, register: Register): Promise<FilingRow | undefined> {
    return findRow(register, filing);
  }

  /** The policies in the register, checked from the trust of this machine: a key that somebody put into the rows counts for nothing. */
  async inForce(register?: Register): Promise<Result<InForce, DeskRefusal>> {
    const entries = await (register ?? (await this.#book.open())).ofKind('POLICY_PUT');
    const links = entries.flatMap(({ event }) => (event.kind === 'POLICY_PUT' ? [event] : []));
    const key = JSON.stringify(links.map(({ text, signatures }) => [text, signatures]));
    if (this.#checked?.key === key) return ok(this.#checked.inForce);
    const checked = await checkPolicyChain(links, this.#trust);
    if (!checked.ok) return checked;
    const policy = checked.value.at(-1);
    if (policy === undefined) throw new Error('a chain that was checked has a policy');
    const inForce = { policy, policies: checked.value };
    this.#checked = { key, inForce };
    return ok(inForce);
  }

  putPolicy(text: string, signatures: readonly string[]): Promise<Result<Noted, DeskRefusal>> {
    return this.#book.note<DeskRefusal>(async (register) => {
      const before = await register.ofKind('POLICY_PUT');
      const standing = before.length === 0 ? undefined : await this.inForce(register);
      if (standing?.ok === false) return standing;
      const place = { at: before.length, before: standing?.value.policy, trust: this.#trust };
      const policy = await checkNextPolicy({ text, signatures }, place);
      if (!policy.ok) return policy;
      return ok([{ kind: 'POLICY_PUT', policy: policyDigest(policy.value), text, signatures }]);
    });
  }

  /** `caseFile`: sealed to the roster already; what stands in it the server never sees. `arrival`: what is filed came in by itself. */
  async file(
    given: NewFiling,
    by: string,
    caseFile?: Uint8Array,
    arrival?: ArrivalId,
  ): Promise<Result<Noted, DeskRefusal>> {
    const kept = caseFile === undefined ? ok(undefined) : await this.#keep(caseFile);
    if (!kept.ok) return kept;
    const file = kept.value;
    return this.#book.note<DeskRefusal>(async (register) => {
      const standing = await this.inForce(register);
      if (!standing.ok) return standing;
      const { policy } = standing.value;
      const member = memberOf(policy, by);
      if (member === undefined) return err({ kind: 'notInRoster', name: by });
      const taken = arrival === undefined ? undefined : await takenOf(register, arrival, given);
      if (taken?.ok === false) return taken;
      const wanted = taken?.value.given ?? given;
      const year = yearOf(wanted, policy);
      const filing = filingNumber(year, (await register.filingsOf(year)) + 1);
      const made = toFiling(wanted, { filing, policy, nowMs: register.nowMs });
      if (!made.ok) return made;
      const { corrects } = made.value;
      if (corrects !== null && (await register.filing(corrects)) === undefined)
        return err({ kind: 'noSuchFiling', filing: corrects });
      return ok([
        { kind: 'FILED', filing: made.value, by: member.fingerprint },
        ...(corrects === null ? [] : [{ kind: 'CORRECTED' as const, filing: corrects, correctedBy: filing }]),
        ...(taken === undefined ? [] : [{ kind: 'CASE_FILE_PUT' as const, filing, ...taken.value.file }]),
        ...(file === undefined ? [] : [{ kind: 'CASE_FILE_PUT' as const, filing, ...file }]),
        ...(arrival === undefined ? [] : [{ kind: 'TAKEN' as const, arrival, filing, by: member.fingerprint }]),
        checkedBy(policy, made.value),
      ]);
    });
  }

  /** Something came in by itself; `caseFile`: all of it, sealed to the roster. Nobody has looked at it yet. */
  async arrive(channel: Channel, receivedMs: number, caseFile: Uint8Array): Promise<Result<ArrivalId, DeskRefusal>> {
    const { waitingMax } = limits.deskArrival;
    // before anything is kept: what is refused takes no room
    const waiting = await countWaitingArrivals((await this.#book.open()).read.db);
    if (waiting >= waitingMax) return err({ kind: 'tooManyWaiting', max: waitingMax });
    const kept = await this.#keep(caseFile);
    if (!kept.ok) return kept;
    const arrival = newArrivalId();
    const noted = await this.#book.note<DeskRefusal>(async (register) =>
      ok([{ kind: 'ARRIVED', arrival, receivedMs: Math.min(receivedMs, register.nowMs), channel, ...kept.value }]),
    );
    return noted.ok ? ok(arrival) : noted;
  }

  /** A program answered what came in, under this policy; where another is in force by now, nothing is noted. */
  noteAnswer(
    arrival: ArrivalId,
    answer: { readonly letter: Uint8Array; readonly policy: Digest; readonly rule: string },
  ): Promise<Result<Noted, DeskRefusal>> {
    return this.#book.note<DeskRefusal>(async (register) => {
      const standing = await this.inForce(register);
      if (!standing.ok) return standing;
      const { policy, rule } = answer;
      if (policyDigest(standing.value.policy) !== policy) return err({ kind: 'policyChanged' });
      return ok([{ kind: 'AUTO_REPLIED', arrival, letter: sha256(answer.letter), policy, rule }]);
    });
  }

  /** Whether more may come in by itself. */
  async hasRoom(): Promise<boolean> {
    return (await countWaitingArrivals((await this.#book.open()).read.db)) < limits.deskArrival.waitingMax;
  }

  /** What came in is no filing. */
  dismiss(arrival: ArrivalId, why: Dismissal, by: string): Promise<Result<Noted, DeskRefusal>> {
    return this.#book.note<DeskRefusal>(async (register) => {
      const standing = await this.inForce(register);
      if (!standing.ok) return standing;
      const member = memberOf(standing.value.policy, by);
      if (member === undefined) return err({ kind: 'notInRoster', name: by });
      return ok([{ kind: 'DISMISSED', arrival, why, by: member.fingerprint }]);
    });
  }

  /** All or none, with the numbers of their years in the order given. */
  importPast(list: readonly PastFiling[]): Promise<Result<Noted, DeskRefusal>> {
    return this.#book.note<DeskRefusal>(async (register) => {
      if (list.length > limits.deskFiling.importMax) return err({ kind: 'tooMany', max: limits.deskFiling.importMax });
      const standing = await this.inForce(register);
      if (!standing.ok) return standing;
      const { policy } = standing.value;
      const counts = new Map<number, number>();
      const numbers: FilingNumber[] = [];
      const events: DeskEvent[] = [];
      for (const { given, past, correctsNth } of list) {
        const year = yearOf(given, policy);
        const nth = (counts.get(year) ?? (await register.filingsOf(year))) + 1;
        counts.set(year, nth);
        const filing = filingNumber(year, nth);
        numbers.push(filing);
        const corrects = correctsNth === null ? null : (numbers[correctsNth] ?? null);
        const made = toFiling({ ...given, corrects }, { filing, policy, nowMs: register.nowMs });
        if (!made.ok) return made;
        events.push({ kind: 'IMPORTED', filing: made.value, past });
        if (corrects !== null) events.push({ kind: 'CORRECTED', filing: corrects, correctedBy: filing });
        if (past.outcome === null) events.push(checkedBy(policy, made.value));
      }
      return ok(events);
    });
  }

  /** Exactly the bytes that this member signs. */
  async statement(filing: string, by: string, said: Said): Promise<Result<string, DeskRefusal>> {
    const register = await this.#book.open();
    const standing = await this.inForce(register);
    if (!standing.ok) return standing;
    const { policy } = standing.value;
    const member = memberOf(policy, by);
    if (member === undefined) return err({ kind: 'notInRoster', name: by });
    const row = await findRow(register, filing);
    if (row === undefined) return err({ kind: 'noSuchFiling', filing });
    const head = { entries: register.entries, hash: register.head };
    const review = reviewToSign({ ...said, row, member, policy, nowMs: register.nowMs, head });
    return review.ok ? ok(statementOf(review.value)) : review;
  }

  review(statement: string, signature: string): Promise<Result<Noted, DeskRefusal>> {
    return this.#book.note<DeskRefusal>(async (register) => {
      const standing = await this.inForce(register);
      if (!standing.ok) return standing;
      const parsed = parseReview(readJson(statement));
      if (!parsed.ok) return parsed;
      const review = parsed.value;
      const checked = await checkReview(review, signature, standing.value.policy);
      if (!checked.ok) return checked;
      const { head, filing } = review;
      if ((await register.headAt(head.entries)) !== head.hash) return err({ kind: 'otherHead', filing });
      return ok([{ kind: 'REVIEWED', filing, review, signature }]);
    });
  }

  answer(
    filing: string,
    by: string,
    letter: { readonly text: string; readonly letterKind: LetterKind; readonly language: 'de' | 'en' },
  ): Promise<Result<Noted, DeskRefusal>> {
    return this.#note(filing, (row, policy) => {
      const member = memberOf(policy, by);
      if (member === undefined) return err({ kind: 'notInRoster', name: by });
      const { text, letterKind, language } = letter;
      const event: DeskEvent = {
        kind: 'ANSWERED',
        filing: row.filing,
        letter: sha256(Buffer.from(text, 'utf8')),
        letterKind,
        language,
        by: member.fingerprint,
      };
      return ok([event]);
    });
  }

  close(filing: string): Promise<Result<Noted, DeskRefusal>> {
    return this.#note(filing, (row) => ok([{ kind: 'CLOSED', filing: row.filing }]));
  }

  /** Who has signed before it signs anew, as they have not seen it. */
  async putCaseFile(filing: string, caseFile: Uint8Array): Promise<Result<Noted, DeskRefusal>> {
    const kept = await this.#keep(caseFile);
    if (!kept.ok) return kept;
    return this.#note(filing, (row) => ok([{ kind: 'CASE_FILE_PUT', filing: row.filing, ...kept.value }]));
  }

  async #keep(caseFile: Uint8Array): Promise<Result<SealedCaseFile, DeskRefusal>> {
    const standing = await this.inForce();
    if (!standing.ok) return standing;
    const sealed = await checkCaseFile(caseFile, standing.value.policy);
    if (!sealed.ok) return sealed;
    const stored = await this.#book.keepFile({
      file: sealed.value.file,
      sealed: Buffer.from(caseFile).toString('base64url'),
    });
    return stored.ok ? sealed : stored;
  }

  #note(
    filing: string,
    decide: (row: FilingRow, policy: Policy) => Result<readonly DeskEvent[], DeskRefusal>,
  ): Promise<Result<Noted, DeskRefusal>> {
    return this.#book.note<DeskRefusal>(async (register) => {
      const standing = await this.inForce(register);
      if (!standing.ok) return standing;
      const row = await findRow(register, filing);
      return row === undefined ? err({ kind: 'noSuchFiling', filing }) : decide(row, standing.value.policy);
    });
  }
}

/** By name, or by fingerprint with or without spaces. */
export function memberOf({ roster }: Policy, by: string): RosterMember | undefined {
  const wanted = by.replaceAll(' ', '').toLowerCase();
  return roster.find(
    ({ name, fingerprint }) => fingerprint === wanted || name.toLowerCase() === by.trim().toLowerCase(),
  );
}

export function checkedBy(policy: Policy, filing: Filing): DeskEvent {
  const { channel, instrument, urgency, receivedOn } = filing;
  const kinds = filing.items.map(({ kind }) => kind);
  const { decision, rule } = decideAdmissibility(policy, { channel, kinds, instrument, urgency, receivedOn });
  return { kind: 'CHANNEL_CHECKED', filing: filing.filing, decision, rule, policy: policyDigest(policy) };
}

function findRow(register: Register, filing: string): Promise<FilingRow | undefined> {
  return register.filing(filing as FilingNumber);
}
