// Each event of a filing: legal when it happened, decided as the policy says, signed by whom it names, followed by what two signatures bring about.

import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { decideAdmissibility, originOf } from '../../policy/admissibility.ts';
import { checkLook, parseLook } from '#formats/desk/check-look.ts';
import { checkReview, parseReview } from '#formats/desk/check-review.ts';
import { filingOf, type DeskEvent, type Entry, type FilingEvent } from '../../register/event.ts';
import { followingOf, stepFiling, type FilingRow } from '../../register/fold.ts';
import type { Digest, Filing, FilingNumber, Fingerprint } from '#formats/desk/model.ts';
import { atEntry, stepWords, type Note } from './findings.ts';
import type { InForce, PolicyCheck } from './policy-check.ts';
import type { RowStore } from './row-store.ts';

type Of<K extends DeskEvent['kind']> = Extract<DeskEvent, { kind: K }>;

export interface FilingParts {
  readonly note: Note;
  readonly rows: RowStore;
  readonly policies: PolicyCheck;
  readonly headAt: (entries: number) => Digest | undefined;
}

export class FilingCheck {
  readonly #note: Note;
  readonly #rows: RowStore;
  readonly #policies: PolicyCheck;
  readonly #headAt: FilingParts['headAt'];
  readonly #newest = new Map<string, number>();
  /** What must be the next event of the filing, in canonical JSON. */
  readonly #due = new Map<FilingNumber, string>();

  constructor({ note, rows, policies, headAt }: FilingParts) {
    this.#note = note;
    this.#rows = rows;
    this.#policies = policies;
    this.#headAt = headAt;
  }

  async take(event: FilingEvent, entry: Entry): Promise<void> {
    const place = atEntry(entry.nth);
    const { inForce } = this.#policies;
    const filing = filingOf(event);
    this.#checkDue(filing, event, place);
    const row = this.#rows.get(filing);
    const next = stepFiling(row, event, entry);
    if (!next.ok) return this.#note(place, 'illegal', stepWords(next.error));
    this.#rows.set(next.value);
    if (inForce) await this.#checkEvent(event, next.value, { inForce, place });
    else this.#note(place, 'noPolicy');
    const follows = followingOf(event, next.value);
    if (follows) this.#due.set(filing, canonicalJson(follows));
  }

  finish(): void {
    for (const filing of this.#due.keys()) this.#note(`filing ${filing}`, 'consequenceMissing');
    for (const { filing, corrects, correctedBy } of this.#rows.values()) {
      const isAnswered = corrects === null || this.#rows.get(corrects)?.correctedBy === filing;
      const isAsked = correctedBy === null || this.#rows.get(correctedBy)?.corrects === filing;
      if (!isAnswered || !isAsked) this.#note(`filing ${filing}`, 'correctionUnpaired');
    }
  }

  #checkDue(filing: FilingNumber, event: FilingEvent, place: string): void {
    const due = this.#due.get(filing);
    if (due === undefined) return;
    this.#due.delete(filing);
    if (due !== canonicalJson(event)) this.#note(place, 'consequenceMissing');
  }

  async #checkEvent(
    event: FilingEvent,
    row: FilingRow,
    { inForce, place }: { readonly inForce: InForce; readonly place: string },
  ): Promise<void> {
    switch (event.kind) {
      case 'FILED':
        this.#checkMember(event.by, inForce, place);
        return this.#checkFiling(event.filing, inForce, place);
      case 'IMPORTED':
        return this.#checkFiling(event.filing, inForce, place);
      case 'CHANNEL_CHECKED':
        return this.#checkDecision(event, row, { inForce, place });
      case 'REVIEWED':
        return this.#checkReview(event, inForce, place);
      case 'COLLECTED':
        return this.#checkMember(event.by, inForce, place);
      case 'LOOKED':
        return this.#checkLook(event, inForce, place);
      case 'ANSWERED':
        if (!inForce.policy.roster.some(({ fingerprint }) => fingerprint === event.by))
          this.#note(place, 'notInRoster');
        return;
      case 'CASE_FILE_PUT':
        if (!event.to.every((fingerprint) => this.#policies.wasMember(fingerprint))) this.#note(place, 'notInRoster');
        return;
      default:
        return; // nothing but what the fold demands
    }
  }

  #checkMember(by: Fingerprint, { policy }: InForce, place: string): void {
    if (!policy.roster.some(({ fingerprint }) => fingerprint === by)) this.#note(place, 'notInRoster');
  }

  #checkFiling({ filing, receivedOn, authority, origin }: Filing, { policy }: InForce, place: string): void {
    const [year = '', number = ''] = filing.split('-');
    if (Number(number) !== (this.#newest.get(year) ?? 0) + 1 || year !== receivedOn.slice(0, 4))
      this.#note(place, 'numberGap');
    this.#newest.set(year, Number(number));
    if (originOf(policy, authority.country) !== origin) this.#note(place, 'otherOrigin');
  }

  #checkDecision(
    { decision, rule, policy }: Of<'CHANNEL_CHECKED'>,
    row: FilingRow,
    { inForce, place }: { readonly inForce: InForce; readonly place: string },
  ): void {
    const asked = { ...row, kinds: row.items.map(({ kind }) => kind) };
    const due = decideAdmissibility(inForce.policy, asked);
    if (policy !== inForce.digest || decision !== due.decision || rule !== due.rule) this.#note(place, 'otherDecision');
  }

  async #checkLook({ look, signature }: Of<'LOOKED'>, { policy }: InForce, place: string): Promise<void> {
    const parsed = parseLook(look);
    if (!parsed.ok) return this.#note(place, 'badLook', parsed.error.what);
    const checked = await checkLook(parsed.value, signature, policy);
    if (!checked.ok) this.#note(place, 'badLook', checked.error.what);
    if (this.#headAt(look.head.entries) !== look.head.hash) this.#note(place, 'headNotSeen');
  }

  async #checkReview({ review, signature }: Of<'REVIEWED'>, { policy }: InForce, place: string): Promise<void> {
    const parsed = parseReview(review);
    if (!parsed.ok) return this.#note(place, 'badReview', parsed.error.what);
    const checked = await checkReview(parsed.value, signature, policy);
    if (!checked.ok) this.#note(place, 'badReview', checked.error.what);
    if (this.#headAt(review.head.entries) !== review.head.hash) this.#note(place, 'headNotSeen');
  }
}
