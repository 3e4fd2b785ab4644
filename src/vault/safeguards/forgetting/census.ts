// Walks the key lane once and says what in it is dead: superseded, of removed letters, of ended accounts; and which bodies anyone still needs.

import type { AccountId, LetterId } from '#base/ids.ts';
import type { DueLetter } from '../../database/read-forgetting.ts';
import type { Command, JsonObject } from '../../journal/commands.ts';
import { erasedSeqs } from '../../journal/journal.ts';
import type { LaneRecord } from '../../journal/journal-reader.ts';
import { readLetterName } from '../../journal/letter-record.ts';
import { commandOf, decodeContent } from '../../journal/record-content.ts';
import type { RecordHeader } from '../../journal/record.ts';
import { RECORD_CODES, type RecordKind } from '../../journal/record-types.ts';
import { AccountFacets, carrierOf, type Carrier } from './facets.ts';
import type { ForgettingJournal } from './neighbours.ts';
import { SeqSet } from './seq-set.ts';

/** A removed letter as the journal tells it. */
export interface RemovedLetter extends DueLetter {
  keySeq: number;
  bodySeq: number;
  readonly summarySeqs: number[];
  /** The command that removed it, and from when on it is erased; undefined: nothing in the journal says so. */
  removal: { readonly command: number; readonly purgeMs: number } | undefined;
}

export interface Census {
  /** Named by ERASED records. */
  readonly erased: { readonly key: SeqSet; readonly body: SeqSet };
  /** The candidates, each with what the journal says of it. */
  readonly letters: ReadonlyMap<string, RemovedLetter>;
  /** Carriers of which something was superseded, whole or in part, and which are not erased. */
  readonly touched: ReadonlyMap<AccountId, ReadonlySet<Carrier>>;
  /** Records of accounts that have ended, by the seq of the ending. */
  readonly ended: ReadonlyMap<number, readonly number[]>;
  /** Bodies that a record of a letter that is no candidate names. */
  readonly livingBodies: SeqSet;
  /** Bodies behind this one may still be waiting for their key records. */
  readonly settledBodySeq: number;
  readonly bodiesOf: (kept: Iterable<RemovedLetter>) => SeqSet;
}

export function letterKey(accountId: AccountId, letterId: LetterId): string {
  return accountId + letterId;
}

const MARKS: ReadonlySet<RecordKind> = new Set<RecordKind>(['erased', 'accountErased', 'accountRestated']);

export async function takeCensus(journal: ForgettingJournal, candidates: readonly DueLetter[]): Promise<Census> {
  const { settledBodySeq } = journal; // before the key lane's end is read: their key records lie within it
  const walk = new Walk(await journal.findVoided(0), candidates);
  for await (const { header, payload } of journal.readOfKinds(MARKS)) {
    const content = decodeContent(header, Buffer.from(payload));
    if (content.ok && content.value.kind === 'erased') walk.noteErased(content.value.erased);
    if (content.ok && content.value.kind === 'command') walk.noteCommand(header, content.value.command);
  }
  for await (const record of journal.readLane('key', 'check')) walk.take(record);
  return walk.result(settledBodySeq);
}

class Walk {
  readonly erased = { key: new SeqSet(), body: new SeqSet() };
  readonly endings = new Map<AccountId, number>();
  readonly #voided: ReadonlySet<number>;
  readonly #letters: ReadonlyMap<string, RemovedLetter>;
  readonly #candidateIds: ReadonlySet<LetterId>;
  readonly #byAccount: ReadonlyMap<AccountId, readonly RemovedLetter[]>;
  readonly #facets = new Map<AccountId, AccountFacets>();
  readonly #touched = new Map<AccountId, Set<Carrier>>();
  /** Record → who says it now, and how. */
  readonly #restated = new Map<number, { readonly carrier: Carrier; readonly effect: JsonObject }>();
  readonly #restating = new Map<number, Carrier>();
  readonly #ended = new Map<number, number[]>();
  readonly #livingBodies = new SeqSet();

  constructor(voided: ReadonlySet<number>, candidates: readonly DueLetter[]) {
    this.#voided = voided;
    const letters = candidates.map((due): RemovedLetter => ({
      ...due,
      keySeq: 0,
      bodySeq: 0,
      summarySeqs: [],
      removal: undefined,
    }));
    this.#letters = new Map(letters.map((letter) => [letterKey(letter.accountId, letter.letterId), letter]));
    this.#candidateIds = new Set(letters.map(({ letterId }) => letterId));
    this.#byAccount = Map.groupBy(letters, ({ accountId }) => accountId);
  }

  noteErased(erased: Parameters<typeof erasedSeqs>[0]): void {
    for (const seq of erasedSeqs(erased)) this.erased[erased.lane].add(seq);
  }

  noteCommand({ seq }: RecordHeader, command: Command): void {
    if (command.kind === 'accountErased') this.endings.set(command.effect.accountId, seq);
    if (command.kind !== 'accountRestated') return;
    const carrier = carrierOf({ seq, kind: 'accountRestated' });
    this.#restating.set(seq, carrier);
    for (const record of command.effect.records) this.#restated.set(record.seq, { carrier, effect: record.effect });
  }

  take({ header, payload }: LaneRecord): void {
    const { accountId, kind, seq } = header;
    const ending = accountId === undefined ? undefined : this.endings.get(accountId);
    const isErased = this.erased.key.has(seq);
    if (ending !== undefined) {
      // what says which records are erased stays, or their missing payloads would be damage
      if (!isErased && kind !== 'erased' && header.payloadBytes > 0) this.#endedBy(ending).push(seq);
      return;
    }
    if (kind === 'letter') return this.#takeLetter(accountId, seq, isErased ? undefined : payload);
    if (RECORD_CODES[kind] < RECORD_CODES.instanceCreated || this.#voided.has(seq)) return;
    const restated = this.#restated.get(seq);
    if (restated !== undefined && accountId !== undefined) {
      this.#facetsOf(accountId).take(header, commandOf(kind, restated.effect), restated.carrier);
      if (!isErased) this.#touch(accountId, overAtOnce(header, restated.carrier.seq));
      return;
    }
    if (payload === undefined) return;
    const content = decodeContent(header, Buffer.from(payload));
    if (!content.ok || content.value.kind !== 'command') return;
    const { command } = content.value;
    if (accountId === undefined) {
      if (command.kind === 'eraRaised' && (command.effect.endsSessions || command.effect.lostTail))
        for (const facets of this.#facets.values()) facets.endSessions(header, command.effect.lostTail);
      return;
    }
    if (command.kind === 'accountRestated') {
      // all it restates was restated again later
      const carrier = this.#restating.get(seq);
      if (carrier?.speaksFor.size === 0) this.#touch(accountId, overAtOnce(header, seq));
      return;
    }
    this.#takeRemoval(accountId, header, command);
    this.#facetsOf(accountId).take(header, command);
  }

  result(settledBodySeq: number): Census {
    for (const [accountId, carriers] of this.#touched) {
      for (const carrier of carriers) if (this.erased.key.has(carrier.seq)) carriers.delete(carrier);
      if (carriers.size === 0) this.#touched.delete(accountId);
    }
    return {
      erased: this.erased,
      letters: this.#letters,
      touched: this.#touched,
      ended: this.#ended,
      livingBodies: this.#livingBodies,
      settledBodySeq,
      bodiesOf: (kept) => {
        const bodies = new SeqSet();
        for (const { bodySeq } of kept) bodies.add(bodySeq);
        return bodies;
      },
    };
  }

  #takeLetter(accountId: AccountId | undefined, seq: number, payload: Buffer | undefined): void {
    const name = payload && readLetterName(payload);
    if (name === undefined || accountId === undefined) return;
    const candidate = this.#candidateIds.has(name.letterId)
      ? this.#letters.get(letterKey(accountId, name.letterId))
      : undefined;
    if (candidate === undefined) this.#livingBodies.add(name.bodySeq);
    else Object.assign(candidate, { keySeq: seq, bodySeq: name.bodySeq });
  }

  /** Removed, brought back, removed again: the last counts, and of several removals the one that comes due first. */
  #takeRemoval(accountId: AccountId, { seq, accountSeq }: RecordHeader, command: Command): void {
    const own = this.#byAccount.get(accountId);
    if (own === undefined) return;
    const find = (id: LetterId): RemovedLetter | undefined => this.#letters.get(letterKey(accountId, id));
    switch (command.kind) {
      case 'lettersRemoved':
        for (const id of command.effect.ids) {
          const letter = find(id);
          if (letter !== undefined)
            letter.removal = earlier(letter.removal, { command: seq, purgeMs: command.effect.purgeMs });
        }
        return;
      case 'lettersChanged':
        for (const change of command.effect.letters) {
          const letter = change.mailboxes === undefined ? undefined : find(change.id);
          if (letter !== undefined) letter.removal = undefined;
        }
        return;
      case 'mailboxRemoved':
        if (command.effect.to !== null) return;
        for (const letter of own) {
          if (letter.removedModseq === accountSeq) letter.removal = { command: seq, purgeMs: command.effect.purgeMs };
        }
        return;
      case 'summaryPut':
        find(command.effect.id)?.summarySeqs.push(seq);
        return;
      default:
    }
  }

  #facetsOf(accountId: AccountId): AccountFacets {
    let facets = this.#facets.get(accountId);
    if (facets === undefined) {
      facets = new AccountFacets((carrier) => this.#touch(accountId, carrier));
      this.#facets.set(accountId, facets);
    }
    return facets;
  }

  #touch(accountId: AccountId, carrier: Carrier): void {
    const touched = this.#touched.get(accountId) ?? new Set<Carrier>();
    touched.add(carrier);
    this.#touched.set(accountId, touched);
  }

  #endedBy(ending: number): number[] {
    let seqs = this.#ended.get(ending);
    if (seqs === undefined) this.#ended.set(ending, (seqs = []));
    return seqs;
  }
}

/** Somebody else says all of it by now. */
function overAtOnce(header: RecordHeader, by: number): Carrier {
  return { ...carrierOf(header), dead: new Map([['', Number.NEGATIVE_INFINITY]]), by };
}

type Removal = RemovedLetter['removal'];

function earlier(known: Removal, next: NonNullable<Removal>): Removal {
  return known !== undefined && known.purgeMs <= next.purgeMs ? known : next;
}
