// Databases beside each other on a server of the operator's: made of the journal, exchanged by their names in one transaction.

import type { Clock } from '#base/clock.ts';
import type { InstanceId } from '#base/ids.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { openDatabase, type Database } from '../../database/open-database.ts';
import { checkExternal } from '../../database/postgres/external.ts';
import type { Beside } from './beside.ts';
import { KEEP_MS_MAX, requireKeep, type Generations } from './generations.ts';
import type { Arrival, GenerationFacts } from './layout.ts';
import type { Neighbours, Step } from './neighbours.ts';
import { refuse, type GenerationRefusal } from './refusals.ts';
import { ServerDatabases, type Seen } from './server-databases.ts';
import { databaseName, factsOf, LIVE_NAME_BYTES_MAX, type Mark } from './server-marks.ts';
import { Turns } from './turns.ts';

export interface ServerOptions {
  /** DATABASE_URL: from any other database of the server its user makes and renames this one. */
  readonly url: string;
  readonly instanceId: InstanceId;
  readonly clock: Clock;
  readonly log: Log;
  readonly neighbours: Neighbours;
  /** For tests: called between any two steps. */
  readonly step?: Step | undefined;
}

/** Why nothing is kept beside it, and what would change that. */
export type NotBeside = GenerationRefusal;

/** Finds what stands on the server and makes good what a kill left; writes nothing but the live one’s mark when nothing was left. */
export async function openOnServer(options: ServerOptions): Promise<Result<Generations, NotBeside>> {
  const { url, instanceId, clock, log, neighbours, step = async () => undefined } = options;
  const may = readPlace(url);
  if (!may.ok) return may;
  const databases = new ServerDatabases(url, instanceId);
  const found = await databases.look();
  if (!found.ok) return found;
  const { live, note, mayCreate, ownsLive } = found.value;
  if (live === undefined) return refuse('no-cluster', { name: databases.live });
  if (!mayCreate) return refuse('may-not-create', { name: databases.live });
  if (!ownsLive) return refuse('not-its-owner', { name: databases.live });
  const tidied = await dropUnfinished(databases, found.value, log);
  if (!tidied.ok) return tidied;
  const newest = Math.max(0, ...found.value.others.map(({ mark }) => numberOf(mark?.facts.name ?? 'gen-0000')));
  const facts: GenerationFacts = live.mark?.facts ?? {
    name: nameOf(newest + 1),
    madeMs: clock.nowMs(),
    source: 'adopted',
    systemIdentifier: live.oid,
    isReady: true,
  };
  const kept = live.mark?.note ?? note;
  const way = { databases, instanceId, clock, log, neighbours, step, note: kept };
  const opened = new OnServer(way, factsOf(live, facts), url);
  const closedByUs = !live.isOpen && live.mark?.isSwitching === true;
  const put = closedByUs ? await opened.letIn() : live.mark === undefined ? await opened.putMark() : ok(undefined);
  if (!put.ok) return put;
  await opened.finishArrival();
  return ok(opened);
}

function readPlace(url: string): Result<void, NotBeside> {
  const name = URL.canParse(url) ? decodeURIComponent(new URL(url).pathname.slice(1)) : '';
  if (name === '' || name === 'postgres' || Buffer.byteLength(name) > LIVE_NAME_BYTES_MAX)
    return refuse('unfit-name', { name });
  return ok(undefined);
}

/** What was being made or filled when the program ended: nobody has seen its rows. */
async function dropUnfinished(
  databases: ServerDatabases,
  { live, others, names }: Seen,
  log: Log,
): Promise<Result<void, GenerationRefusal>> {
  const unfinished = others.filter(
    ({ name, mark }) => mark?.facts.isReady === false && name === databaseName(databases.live, mark.facts.name),
  );
  const making = live?.mark?.making;
  const gone = new Set(unfinished.map(({ name }) => name));
  if (making !== undefined && names.has(making)) gone.add(making);
  for (const name of gone) {
    const dropped = await databases.drop(name);
    if (!dropped.ok) return dropped;
    log.warn('generation.unfinishedRemoved', {});
  }
  return ok(undefined);
}

interface ServerWay {
  readonly databases: ServerDatabases;
  readonly instanceId: InstanceId;
  readonly clock: Clock;
  readonly log: Log;
  readonly neighbours: Neighbours;
  readonly step: Step;
  readonly note: string | undefined;
}

class OnServer implements Generations {
  readonly url: string;
  readonly hasFiles = false;
  readonly isServing = true;
  readonly #way: ServerWay;
  readonly #turns: Turns;
  readonly #besides = new Map<string, Beside>();
  #live: GenerationFacts;
  #highest: number;

  constructor(way: ServerWay, live: GenerationFacts, url: string) {
    this.#way = way;
    this.#turns = new Turns(way);
    this.#live = live;
    this.#highest = numberOf(live.name);
    this.url = url;
  }

  get live(): GenerationFacts {
    return this.#live;
  }

  async fenced(): Promise<string | undefined> {
    const found = await this.#way.databases.look();
    if (!found.ok || found.value.live?.isOpen !== false) return undefined;
    return `the database ${this.#way.databases.live} lets nobody in (ALLOW_CONNECTIONS false)`;
  }

  async list(): Promise<readonly GenerationFacts[]> {
    const found = await this.#way.databases.look();
    const others = found.ok ? found.value.others : [];
    const all = [
      this.#live,
      ...others.flatMap((one) => (one.mark === undefined ? [] : [factsOf(one, one.mark.facts)])),
    ];
    return all.toSorted((a, b) => numberOf(a.name) - numberOf(b.name));
  }

  async begin(source: GenerationFacts['source']): Promise<Result<Beside, GenerationRefusal>> {
    if (this.#turns.isClosed) return refuse('stopped');
    if (source !== 'journal') return refuse('copies');
    const { databases, clock } = this.#way;
    const found = await databases.look();
    if (!found.ok) return found;
    const taken = found.value.others.map(({ mark }) => numberOf(mark?.facts.name ?? 'gen-0000'));
    this.#highest = Math.max(this.#highest, ...taken);
    let name: string;
    do name = nameOf((this.#highest += 1));
    while (found.value.names.has(databaseName(databases.live, name)));
    const facts = { name, madeMs: clock.nowMs(), source, systemIdentifier: '', isReady: false } as const;
    const made = await databases.create(databaseName(databases.live, name), this.#mark(facts), this.#mark(this.#live));
    if (!made.ok) return made;
    await this.#way.step('made');
    const beside = this.#openBeside(name);
    this.#besides.set(name, beside);
    return ok(beside);
  }

  switchTo(name: string, arrival: Arrival, reason: string): ReturnType<Generations['switchTo']> {
    return this.#turns.alone(async () => {
      const beside = this.#besides.get(name);
      const known = (await this.list()).find((one) => one.name === name);
      if (known === undefined) return refuse('no-such-generation', { name });
      if (name === this.#live.name) return refuse('is-live', { name });
      if (beside === undefined && !known.isReady) return refuse('not-ready', { name });
      await beside?.stop();
      const { retiredMs: _, reason: __, ...rest } = known;
      const ready: GenerationFacts = { ...rest, isReady: true, arrival };
      const retired: GenerationFacts = { ...this.#live, retiredMs: this.#way.clock.nowMs(), reason };
      const exchanged = await this.#exchange(ready, retired);
      if (!exchanged.ok) return exchanged;
      this.#besides.delete(name);
      this.#live = ready;
      await this.finishArrival();
      return ok({ retired: retired.name });
    });
  }

  /** Killed before the names change, the old one serves and is opened at the next start; killed after it, the journal hears of it then. */
  async #exchange(ready: GenerationFacts, retired: GenerationFacts): Promise<Result<void, GenerationRefusal>> {
    const { databases, step } = this.#way;
    const to = databaseName(databases.live, ready.name);
    const emptied = await databases.close(to);
    if (!emptied.ok) return emptied;
    await step('ready');
    const closed = await databases.close(databases.live, { ...this.#mark(this.#live), isSwitching: true });
    if (closed.ok) await step('fenced');
    const aside = databaseName(databases.live, retired.name);
    const { note: _, ...asideMark } = this.#mark(retired);
    const done = closed.ok ? await databases.exchange({ to, aside, liveMark: this.#mark(ready), asideMark }) : closed;
    if (done.ok) await step('pointed');
    else await this.letIn();
    return done;
  }

  letIn(): Promise<Result<void, GenerationRefusal>> {
    return this.#way.databases.open(this.#way.databases.live, this.#mark(this.#live));
  }

  putMark(): Promise<Result<void, GenerationRefusal>> {
    return this.#way.databases.mark(this.#way.databases.live, this.#mark(this.#live));
  }

  release(): Promise<Result<void, GenerationRefusal>> {
    return this.#turns.alone(async () => ((await this.fenced()) === undefined ? refuse('not-fenced') : this.letIn()));
  }

  async prune(nowMs: number, keepMs: number): Promise<readonly string[]> {
    requireKeep(nowMs, keepMs);
    const gone: string[] = [];
    for (const { name, retiredMs } of await this.list()) {
      if (name === this.#live.name || retiredMs === undefined) continue;
      if (nowMs - retiredMs < Math.min(keepMs, KEEP_MS_MAX)) continue;
      const dropped = await this.#way.databases.drop(databaseName(this.#way.databases.live, name));
      if (dropped.ok) gone.push(name);
      else this.#way.log.warn('generation.notRemoved', {});
    }
    return gone;
  }

  finishArrival(): Promise<void> {
    return this.#turns.finishArrival(this.#live, async (facts) => {
      this.#live = facts;
      const put = await this.putMark();
      // said again at the next start, which changes nothing
      if (!put.ok) this.#way.log.warn('generation.notMarked', {});
    });
  }

  async stopLive(): ReturnType<Generations['stopLive']> {
    return refuse('files');
  }

  async takeBase(): ReturnType<Generations['takeBase']> {
    return refuse('copies');
  }

  async takePoint(): ReturnType<Generations['takePoint']> {
    return refuse('copies');
  }

  async points(): ReturnType<Generations['points']> {
    return [];
  }

  async dropPoint(): Promise<void> {}

  fromPoint(name: string): ReturnType<Generations['fromPoint']> {
    return { kind: 'copy', backupId: name, fill: async () => refuse('copies') };
  }

  fromBase(): ReturnType<Generations['fromBase']> {
    return { kind: 'backup', fill: async () => refuse('copies') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#turns.close();
    for (const beside of this.#besides.values()) await beside.stop();
  }

  #mark(facts: GenerationFacts): Mark {
    const { instanceId: instance, note } = this.#way;
    const mark = { siegel: 1, instance, facts } as const;
    return note === undefined ? mark : { ...mark, note };
  }

  #openBeside(name: string): Beside {
    const { databases, log } = this.#way;
    const inServer = databaseName(databases.live, name);
    const url = databases.urlOf(inServer);
    let database: Database | undefined;
    const stop = async (): Promise<void> => {
      await database?.close();
      database = undefined;
    };
    return {
      name,
      folder: '',
      async start() {
        // what the live one’s log must not hold, this one’s must not either
        const checked = database === undefined ? await checkExternal(url) : ok(undefined);
        if (!checked.ok) return err(checked.error);
        database ??= openDatabase(url, log);
        return ok({ database });
      },
      stop,
      async settle() {
        await stop();
        return ok(undefined);
      },
      discard: async () => {
        await stop();
        this.#besides.delete(name);
        const dropped = await databases.drop(inServer);
        // it goes at the next start
        if (!dropped.ok) log.warn('generation.notRemoved', {});
      },
    };
  }
}

function numberOf(generation: string): number {
  return Number(generation.slice('gen-'.length));
}

function nameOf(number: number): string {
  return `gen-${String(number).padStart(4, '0')}`;
}
