// Which policy was in force at each entry, from the trust of the machine on; one that does not hold puts nothing into force.

import { checkNextPolicy } from '#formats/desk/check-policy-signatures.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import type { DeskEvent } from '../../register/event.ts';
import type { Digest, Fingerprint } from '#formats/desk/model.ts';
import type { Note } from './findings.ts';

export interface InForce {
  readonly policy: Policy;
  readonly digest: Digest;
}

export class PolicyCheck {
  readonly #note: Note;
  readonly #trust: readonly Fingerprint[];
  readonly #everMembers = new Set<Fingerprint>();
  #inForce: InForce | undefined;
  #count = 0;

  constructor(note: Note, trust: readonly Fingerprint[]) {
    this.#note = note;
    this.#trust = trust;
  }

  get inForce(): InForce | undefined {
    return this.#inForce;
  }

  /** In a roster so far. */
  wasMember(fingerprint: Fingerprint): boolean {
    return this.#everMembers.has(fingerprint);
  }

  async take(event: Extract<DeskEvent, { kind: 'POLICY_PUT' }>, place: string): Promise<void> {
    const at = this.#count++;
    const checked = await checkNextPolicy(event, { at, before: this.#inForce?.policy, trust: this.#trust });
    if (!checked.ok) return this.#note(place, 'badPolicy', checked.error.what);
    const digest = policyDigest(checked.value);
    if (event.policy !== digest) this.#note(place, 'otherDigest');
    this.#inForce = { policy: checked.value, digest };
    for (const { fingerprint } of checked.value.roster) this.#everMembers.add(fingerprint);
  }
}
