// Each event of an arrival: legal when it happened, by somebody of the roster, sealed to it; taken once, as a filing of its channel and its time.

import { arrivalField } from '#formats/desk/fields.ts';
import type { ArrivalId, FilingNumber, Fingerprint } from '#formats/desk/model.ts';
import { stepArrival, type Arrival } from '../../register/arrival.ts';
import type { ArrivalEvent, Entry } from '../../register/event.ts';
import * as v from 'valibot';
import { atEntry, type Note } from './findings.ts';
import type { PolicyCheck } from './policy-check.ts';
import type { RowStore } from './row-store.ts';

export class ArrivalCheck {
  readonly #note: Note;
  readonly #rows: RowStore;
  readonly #policies: PolicyCheck;
  readonly #arrivals = new Map<ArrivalId, Arrival>();
  readonly #filings = new Set<FilingNumber>();

  constructor({ note, rows, policies }: { note: Note; rows: RowStore; policies: PolicyCheck }) {
    this.#note = note;
    this.#rows = rows;
    this.#policies = policies;
  }

  take(event: ArrivalEvent, { nth }: Entry): void {
    const place = atEntry(nth);
    const { inForce } = this.#policies;
    const next = stepArrival(this.#arrivals.get(event.arrival), event);
    if (!next.ok) {
      const { kind, state } = next.error;
      return this.#note(place, 'illegal', state === null ? kind : `${kind} in ${state}`);
    }
    this.#arrivals.set(event.arrival, next.value);
    if (!v.is(arrivalField, event.arrival)) this.#note(place, 'unreadable');
    if (inForce === undefined) return this.#note(place, 'noPolicy');
    switch (event.kind) {
      case 'ARRIVED':
        if (!event.to.every((one) => this.#policies.wasMember(one))) this.#note(place, 'notInRoster');
        return;
      case 'AUTO_REPLIED':
        if (event.policy !== inForce.digest) this.#note(place, 'otherDecision');
        return;
      default:
        if (!isMember(inForce.policy, event.by)) this.#note(place, 'notInRoster');
        if (event.kind === 'TAKEN') this.#checkTaken(next.value, event.filing, place);
    }
  }

  #checkTaken({ channel, receivedMs, file }: Arrival, filing: FilingNumber, place: string): void {
    const row = this.#rows.get(filing);
    const fits = row?.channel === channel && row.receivedMs === receivedMs && row.caseFiles.includes(file);
    if (!fits || this.#filings.has(filing)) this.#note(place, 'otherFiling');
    this.#filings.add(filing);
  }
}

function isMember(
  { roster }: { readonly roster: readonly { readonly fingerprint: Fingerprint }[] },
  by: Fingerprint,
): boolean {
  return roster.some(({ fingerprint }) => fingerprint === by);
}
