// What of an account each record says last: a later record that says the same anew supersedes it (decision 0015, Forgetting).

import { limits } from '#base/limits.ts';
import type { Command, CommandOf } from '../../journal/commands.ts';
import type { RecordHeader } from '../../journal/record.ts';
import type { RecordKind } from '../../journal/record-types.ts';

/** A record that says something an account still has, or had until lately. */
export interface Carrier {
  readonly seq: number;
  readonly kind: RecordKind;
  /** Records whose words it carries: itself, or those it restates. */
  readonly speaksFor: Set<number>;
  /** Facets that are said here and nowhere later. */
  readonly living: Set<string>;
  /** Facets said here and superseded since, with the time from which nobody needs them. */
  readonly dead: Map<string, number>;
  /** The command that superseded the last of them. */
  by: number;
}

type Superseding = { readonly seq: number; readonly fromMs: number };

const COMMON_MS = limits.forgetting.supersededMs;
const KEPT_MS: Readonly<Record<string, number>> = {
  credential: limits.forgetting.credentialsMs,
  wrap: limits.forgetting.credentialsMs,
  holderWrap: limits.forgetting.credentialsMs,
  secondFactor: limits.forgetting.credentialsMs,
  step: limits.forgetting.credentialsMs,
  login: limits.forgetting.credentialsMs,
  session: limits.forgetting.credentialsMs,
  app: limits.forgetting.credentialsMs,
  // caches: nothing is undone with them, and they may name letters that are gone
  blob: 0,
  cache: 0,
};

/** How long a facet is kept after it was superseded. */
function keptMs(facet: string): number {
  return KEPT_MS[facet.slice(0, facet.indexOf(':'))] ?? COMMON_MS;
}

/** The facets of one account, fed with its records in order; those that are voided are left out. */
export class AccountFacets {
  readonly #holders = new Map<string, Carrier>();
  readonly #onDead: (carrier: Carrier) => void;
  readonly #items = new Set<string>();
  #activeCredential = '';

  /** `onDead`: called each time something that a record says was superseded. */
  constructor(onDead: (carrier: Carrier) => void) {
    this.#onDead = onDead;
  }

  /** `carrier`: the record that says it in this one's place since. */
  take(header: RecordHeader, command: Command, carrier = carrierOf(header)): void {
    carrier.speaksFor.add(header.seq);
    const now = { seq: header.seq, fromMs: header.timeMs };
    for (const facet of this.#ends(command)) this.#drop(facet, now);
    for (const facet of this.#says(header.seq, command)) this.#say(facet, carrier, now);
  }

  /** A copy without the tail ends every session; `endsAll`: app passwords too. */
  endSessions(header: RecordHeader, endsAll: boolean): void {
    const now = { seq: header.seq, fromMs: header.timeMs };
    for (const facet of [...this.#named('session:'), ...(endsAll ? this.#named('app:') : [])]) this.#drop(facet, now);
  }

  /** What is no longer true once this command took effect, beside what it says anew. */
  *#ends(command: Command): Generator<string> {
    switch (command.kind) {
      case 'credentialPending':
        for (const facet of this.#named('credential:')) if (facet !== this.#activeCredential) yield facet;
        return;
      case 'credentialPromoted':
        yield* this.#endsByPromotion(command.effect);
        return;
      case 'wrapRemoved':
        yield `wrap:${command.effect.wrapId}`;
        yield `holderWrap:${command.effect.wrapId}`;
        return;
      case 'secondFactorRemoved':
        yield 'secondFactor:';
        return;
      case 'sessionsClosed':
        for (const id of command.effect.sessionIds) yield `session:${id}`;
        return;
      case 'appPasswordRemoved':
        yield `app:${command.effect.id}`;
        return;
      case 'holderRemoved':
        yield `holder:${command.effect.holderId}`;
        yield* this.#named('holderLeft:');
        yield* this.#named('holderWrap:');
        return;
      case 'holderPut':
        yield `holderLeft:${command.effect.holderId}`;
        return;
      case 'holderLeft':
        yield `holder:${command.effect.holderId}`;
        yield `holderWrap:${command.effect.wrapId}`;
        return;
      case 'mailboxRemoved':
        yield `mailboxName:${command.effect.id}`;
        return;
      case 'itemRemoved':
        this.#items.delete(command.effect.collection + command.effect.id);
        yield `item:${command.effect.collection}:${command.effect.id}`;
        return;
      case 'blobRemoved':
        yield `blob:${command.effect.kind}:${command.effect.id}`;
        return;
      default:
    }
  }

  *#endsByPromotion({
    version,
    keepSessions,
    endsAppPasswords,
  }: CommandOf<'credentialPromoted'>['effect']): Generator<string> {
    const promoted = `credential:${version}`;
    if (this.#holders.has(promoted)) {
      this.#activeCredential = promoted;
      for (const facet of this.#named('credential:')) if (facet !== promoted) yield facet;
    }
    const kept = new Set(keepSessions.map((id) => `session:${id}`));
    for (const facet of this.#named('session:')) if (!kept.has(facet)) yield facet;
    if (endsAppPasswords === true) yield* this.#named('app:');
  }

  *#says(seq: number, command: Command): Generator<string> {
    if (command.kind === 'itemPut') {
      const { collection, id } = command.effect;
      // since when it is there follows from the first record, also when a later one says what it holds
      if (!this.#items.has(collection + id)) yield `itemBegan:${collection}:${id}`;
      this.#items.add(collection + id);
    }
    yield* saysAnew(seq, command);
    if (command.kind === 'accountCreated' && command.effect.credential !== null)
      this.#activeCredential = `credential:${command.effect.credential.version}`;
  }

  #say(facet: string, carrier: Carrier, now: Superseding): void {
    this.#drop(facet, now);
    this.#holders.set(facet, carrier);
    carrier.living.add(facet);
  }

  #drop(facet: string, { seq, fromMs }: Superseding): void {
    const holder = this.#holders.get(facet);
    if (holder === undefined) return;
    this.#holders.delete(facet);
    holder.living.delete(facet);
    holder.dead.set(facet, fromMs + keptMs(facet));
    holder.by = seq;
    this.#onDead(holder);
  }

  *#named(prefix: string): Generator<string> {
    for (const facet of this.#holders.keys()) if (facet.startsWith(prefix)) yield facet;
  }
}

/** A record that speaks for itself, or for those it restates. */
export function carrierOf({ seq, kind }: Pick<RecordHeader, 'seq' | 'kind'>): Carrier {
  return { seq, kind, speaksFor: new Set(), living: new Set(), dead: new Map(), by: seq };
}

/** The facets a command says, whatever was said before. Empty bytes say nothing: a restatement leaves out with them. */
function* saysAnew(seq: number, command: Command): Generator<string> {
  switch (command.kind) {
    case 'accountCreated': {
      const { credential, wraps, keyring, manifest } = command.effect;
      yield `record:${seq}`;
      if (credential !== null) yield `credential:${credential.version}`;
      for (const wrap of wraps) yield wrapFacet(wrap);
      if (keyring.sealed !== '') yield 'keyring:';
      if (manifest.bytes !== '') yield 'manifest:';
      return;
    }
    case 'holderRemoved': {
      const { wraps, keyring, manifest } = command.effect;
      yield `record:${seq}`;
      for (const wrap of wraps) yield wrapFacet(wrap);
      if (keyring.sealed !== '') yield 'keyring:';
      if (manifest.bytes !== '') yield 'manifest:';
      return;
    }
    case 'mailboxPut':
      yield `record:${seq}`;
      if (command.effect.sealedName !== '') yield `mailboxName:${command.effect.id}`;
      return;
    case 'itemPut':
      if (command.effect.sealed !== '') yield `item:${command.effect.collection}:${command.effect.id}`;
      return;
    case 'holderPut':
      yield `holder:${command.effect.holderId}`;
      yield wrapFacet(command.effect.wrap);
      yield 'manifest:';
      return;
    case 'wrapPut':
      yield wrapFacet(command.effect.wrap);
      yield 'manifest:';
      return;
    case 'credentialPending':
      yield `credential:${command.effect.credential.version}`;
      if (command.effect.manifest !== undefined) yield 'manifest:';
      return;
    case 'keyringPut':
      yield 'keyring:';
      if (command.effect.manifest !== undefined) yield 'manifest:';
      return;
    default:
      yield* saysSimply(command);
  }
}

function* saysSimply(command: Command): Generator<string> {
  switch (command.kind) {
    case 'wrapRemoved':
    case 'manifestPut':
      yield 'manifest:';
      return;
    case 'holderLeft':
      yield `holderLeft:${command.effect.holderId}`;
      return;
    case 'secondFactorPut':
      yield 'secondFactor:';
      if (command.effect.step !== undefined) yield 'step:';
      return;
    case 'secondFactorStep':
      yield 'step:';
      return;
    case 'loginCounted':
      yield 'login:';
      return;
    case 'sessionOpened':
      yield `session:${command.effect.sessionId}`;
      return;
    case 'appPasswordPut':
      yield `app:${command.effect.id}`;
      return;
    case 'rulesPut':
      yield 'rules:';
      return;
    case 'cacheManifestPut':
      yield 'cache:';
      return;
    case 'blobPut':
      yield `blob:${command.effect.kind}:${command.effect.id}`;
      return;
    case 'summaryPut':
      yield `summary:${command.effect.id}`;
      return;
    default:
  }
}

function wrapFacet({ wrapId, kind }: { readonly wrapId: string; readonly kind: string }): string {
  return kind === 'holder' ? `holderWrap:${wrapId}` : `wrap:${wrapId}`;
}
