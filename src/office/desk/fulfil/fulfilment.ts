// Fulfilment of an admitted request: collected by a job, sealed at once, looked at by two people, handed over after that and not before.

import { parseFilingRow } from '../book/parse-entry.ts';
import { readJson } from '#formats/canonical-json/read-json.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { checkLook, parseLook, statementOfLook } from '#formats/desk/check-look.ts';
import { readCertificate } from '#formats/desk/certificate.ts';
import { commitTarget } from '#formats/desk/digest.ts';
import type { CaseFile } from '#formats/desk/case-file.ts';
import type { Digest, LookFault } from '#formats/desk/model.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy, RosterMember } from '#formats/desk/policy-shape.ts';
import { normaliseAddress, parseAddress, splitSuffix } from '#formats/smtp/address.ts';
import { readDeskFilings } from '#vault/database/read-desk.ts';
import { memberOf, type Desk } from '../book/desk.ts';
import type { DeskBook, Noted, Register } from '../book/desk-book.ts';
import { lookToSign } from '../book/look-to-sign.ts';
import type { Collected } from '../register/event.ts';
import type { FilingRow } from '../register/fold.ts';
import { PackageTooLarge, writePackage, type ItemToCollect } from './collect-items.ts';
import { DamagedLetter, type DisclosureReader } from './disclosure-reader.ts';
import type { FulfilRefusal } from './fulfil-refusals.ts';
import type { Copy, PackageStore } from './package-store.ts';
import { checkRecipient, type Recipient } from './recipient.ts';
import { sealPackage } from './seal-package.ts';

export interface FulfilParts {
  readonly desk: Desk;
  readonly book: DeskBook;
  readonly reader: DisclosureReader;
  readonly store: PackageStore;
}

export interface CollectOrder {
  readonly by: string;
  /** From the case file that was opened elsewhere. */
  readonly targets: CaseFile['targets'];
  /** The authority’s certificate, armored. */
  readonly recipient: string;
}

interface At {
  readonly register: Register;
  readonly policy: Policy;
  readonly row: FilingRow;
}

const WAITING = ['SECOND_LOOK', 'DISCLOSED', 'NO_DATA_HELD'] as const;

export class Fulfilment {
  readonly #parts: FulfilParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: FulfilParts) {
    this.#parts = parts;
  }

  /** Runs the jobs of the admitted items; what they find lies here sealed only. */
  collect(filing: string, order: CollectOrder): Promise<Result<Noted, FulfilRefusal>> {
    return this.#inTurn(async () => {
      const at = await this.#open(filing);
      if (!at.ok) return at;
      const { policy, row, register } = at.value;
      const member = memberOf(policy, order.by);
      if (member === undefined) return err({ kind: 'notInRoster', name: order.by });
      if (row.state !== 'COLLECT' && row.state !== 'NARROWED' && row.state !== 'SECOND_LOOK')
        return err({ kind: 'step', filing: row.filing, step: { kind: 'notNow', state: row.state } });
      const recipient = await checkRecipient(order.recipient, policy, register.nowMs);
      if (!recipient.ok) return recipient;
      const items = await this.#itemsOf(row, order.targets);
      if (!items.ok) return items;
      const kept = await this.#package(at.value, recipient.value, items.value);
      if (!kept.ok) return kept;
      const noted = await this.#note(at.value, member, kept.value);
      await this.#dropWhatIsOver();
      return noted;
    });
  }

  /** Exactly the bytes that this member signs who has opened the copy. `fault`: null when they agree. */
  async lookStatement(filing: string, by: string, fault: LookFault | null): Promise<Result<string, FulfilRefusal>> {
    const at = await this.#open(filing);
    if (!at.ok) return at;
    const { policy, row, register } = at.value;
    const member = memberOf(policy, by);
    if (member === undefined) return err({ kind: 'notInRoster', name: by });
    const { collected } = row;
    if (row.state !== 'SECOND_LOOK' || collected === undefined)
      return err({ kind: 'step', filing: row.filing, step: { kind: 'notNow', state: row.state } });
    const head = { entries: register.entries, hash: register.head };
    const { nowMs } = register;
    const look = lookToSign({ filing: row.filing, collected, member, policy, fault, nowMs, head });
    return look.ok ? ok(statementOfLook(look.value)) : look;
  }

  look(statement: string, signature: string): Promise<Result<Noted, FulfilRefusal>> {
    return this.#inTurn(async () => {
      const noted = await this.#parts.book.note<FulfilRefusal>(async (register) => {
        const standing = await this.#parts.desk.inForce(register);
        if (!standing.ok) return standing;
        const parsed = parseLook(readJson(statement));
        if (!parsed.ok) return parsed;
        const look = parsed.value;
        const checked = await checkLook(look, signature, standing.value.policy);
        if (!checked.ok) return checked;
        const { head, filing } = look;
        if ((await register.headAt(head.entries)) !== head.hash) return err({ kind: 'otherHead', filing });
        return ok([{ kind: 'LOOKED', filing, look, signature }]);
      });
      if (noted.ok) await this.#dropWhatIsOver();
      return noted;
    });
  }

  /** Some bytes of a sealed copy: for the second look as soon as it is there, for the authority once two have agreed. */
  async copy(
    filing: string,
    copy: Copy,
    from: number,
  ): Promise<Result<{ readonly bytes: Uint8Array; readonly total: number; readonly digest: Digest }, FulfilRefusal>> {
    const at = await this.#open(filing);
    if (!at.ok) return at;
    const { row } = at.value;
    const { collected, state } = row;
    const isDone = state === 'DISCLOSED' || state === 'NO_DATA_HELD';
    if (collected === undefined || !(isDone || (copy === 'LOOK' && state === 'SECOND_LOOK')))
      return err({ kind: 'step', filing: row.filing, step: { kind: 'notNow', state } });
    const part = await this.#parts.store.read(collected.look, copy, from);
    if (part === undefined) return err({ kind: 'packageGone', filing: row.filing, isDone });
    return ok({ ...part, digest: copy === 'LOOK' ? collected.look : collected.sealed });
  }

  /** Drops every package that nobody waits for any more: replaced, disagreed with, closed. */
  tidy(): Promise<void> {
    return this.#inTurn(() => this.#dropWhatIsOver());
  }

  /** What was decided stands, also when this fails: the next one drops it. */
  async #dropWhatIsOver(): Promise<void> {
    await this.#tidy().catch(() => undefined);
  }

  async #tidy(): Promise<void> {
    const { desk, store } = this.#parts;
    await store.dropDrafts();
    const kept = await store.list();
    if (kept.length === 0) return;
    const { read } = await desk.register();
    const wanted = new Set<string>();
    for (const state of WAITING)
      for await (const page of readDeskFilings(read.db, { state }))
        for (const { contents } of page) wanted.add(parseFilingRow(contents).collected?.look ?? '');
    for (const name of kept) if (!wanted.has(name)) await store.drop(name);
  }

  async #open(filing: string): Promise<Result<At, FulfilRefusal>> {
    const { desk } = this.#parts;
    const register = await desk.register();
    const standing = await desk.inForce(register);
    if (!standing.ok) return standing;
    const row = await desk.find(filing, register);
    return row === undefined
      ? err({ kind: 'noSuchFiling', filing })
      : ok({ register, policy: standing.value.policy, row });
  }

  /** Only what was admitted, only about whom the filing is: its commitment says so. */
  async #itemsOf(
    row: FilingRow,
    targets: CaseFile['targets'],
  ): Promise<Result<readonly ItemToCollect[], FulfilRefusal>> {
    const items: ItemToCollect[] = [];
    for (const [item, { kind, from, until, target: commitment }] of row.items.entries()) {
      if (row.admitted !== null && !row.admitted.includes(item)) continue;
      if (commitment === null) return err({ kind: 'noTarget', filing: row.filing, item });
      const given = targets.find(({ random, target }) => commitTarget(random, target) === commitment);
      if (given === undefined) return err({ kind: 'otherTarget', filing: row.filing, item });
      const account = await this.#accountOf(given.target);
      if (account === 'several') return err({ kind: 'groupAddress', filing: row.filing, item });
      items.push({ item, kind, from, until, target: given.target, account });
    }
    return ok(items);
  }

  /** Undefined: nobody here has it, or it is no address; the house knows people by nothing else. */
  async #accountOf(target: string): ReturnType<DisclosureReader['findAccount']> {
    const parsed = parseAddress(target.trim());
    if (!parsed.ok) return undefined;
    const { local, domain } = normaliseAddress(parsed.value);
    const { reader } = this.#parts;
    const { base } = splitSuffix(local);
    return (await reader.findAccount(`${local}@${domain}`)) ?? reader.findAccount(`${base}@${domain}`);
  }

  async #package(
    { row, policy, register }: At,
    recipient: Recipient,
    items: readonly ItemToCollect[],
  ): Promise<Result<Omit<Collected, 'by'>, FulfilRefusal>> {
    const { reader, store } = this.#parts;
    const roster = await Promise.all(policy.roster.map(({ certificate }) => readCertificate(certificate)));
    const { fingerprint } = recipient;
    const order = { filing: row.filing, recipient: fingerprint, items, zone: policy.zone, nowMs: register.nowMs };
    const draft = await store.begin();
    try {
      let facts: Awaited<ReturnType<typeof writePackage>> | undefined;
      const { keys, digests } = await sealPackage({ LOOK: roster, HANDOVER: [recipient.key] }, draft, async (write) => {
        facts = await writePackage(order, reader, write);
      });
      if (facts === undefined) throw new Error('a package that was sealed was written');
      await draft.keep(digests.LOOK, keys);
      const { fields, bytes } = facts;
      const disclosure = { fields, package: facts.package, recipient: fingerprint };
      return ok({ disclosure, look: digests.LOOK, sealed: digests.HANDOVER, bytes });
    } catch (cause) {
      if (cause instanceof PackageTooLarge)
        return err({ kind: 'packageTooLarge', max: limits.deskFulfilment.packageBytes });
      if (cause instanceof DamagedLetter) return err({ kind: 'damagedLetter' });
      if (isDiskFull(cause)) return err({ kind: 'diskFull' });
      throw cause;
    } finally {
      await draft.drop();
    }
  }

  /** Only on the filing and under the policy that it was collected for. */
  #note(at: At, member: RosterMember, kept: Omit<Collected, 'by'>): Promise<Result<Noted, FulfilRefusal>> {
    const { filing, seenFrom } = at.row;
    const { desk, book } = this.#parts;
    return book.note<FulfilRefusal>(async (register) => {
      const standing = await desk.inForce(register);
      if (!standing.ok) return standing;
      const row = await desk.find(filing, register);
      if (row?.seenFrom !== seenFrom || policyDigest(standing.value.policy) !== policyDigest(at.policy))
        return err({ kind: 'changedMeanwhile', filing });
      return ok([{ kind: 'COLLECTED', filing, ...kept, by: member.fingerprint }]);
    });
  }

  /** One after the other: nobody drops what another one is just writing. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

function isDiskFull(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
