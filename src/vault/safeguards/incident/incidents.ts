// The incidents of this house: opened, told, updated, closed; what was not told when the program ended is told at the next look.

import type { Clock } from '#base/clock.ts';
import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { ok, type Result } from '#base/result.ts';
import {
  incidentContent,
  isOpen,
  readIncidents,
  untold,
  type Affected,
  type Incident,
  type IncidentContent,
  type IncidentEntry,
} from './incident-state.ts';
import type { IncidentNeighbours } from './neighbours.ts';
import { countedNow, progressOf, type Progress } from './progress.ts';
import { refuse, type IncidentRefusal } from './refusals.ts';
import { findNoticed, tellPhase, type TellParts } from './tell.ts';

export interface IncidentsOptions extends Omit<TellParts, 'neighbours'> {
  readonly clock: Clock;
  readonly log: Log;
  readonly neighbours: IncidentNeighbours;
}

export interface NewIncident {
  readonly title: string;
  /** Asks the ledger who differs. */
  readonly fromLedger: boolean;
  readonly named: readonly AccountId[];
}

export interface IncidentPlan {
  readonly title: string;
  readonly affected: readonly Affected[];
}

interface Counted {
  readonly affected: readonly Affected[];
  readonly progress: Progress;
}

type Answer = Promise<Result<Incident, IncidentRefusal>>;

export class Incidents {
  readonly #options: IncidentsOptions;
  #incidents: ReadonlyMap<number, Incident>;
  readonly #counted = new Map<number, Counted>();
  /** Who was told, of incidents whose telling is over. */
  readonly #noticed = new Map<number, ReadonlyMap<AccountId, number>>();
  /** One thing at a time: two commands never write over each other. */
  #last: Promise<unknown> = Promise.resolve();
  #telling: Promise<void> = Promise.resolve();

  constructor(options: IncidentsOptions) {
    this.#options = options;
    this.#incidents = readIncidents(options.neighbours.entries());
  }

  /** Oldest first. */
  get all(): readonly Incident[] {
    return [...this.#incidents.values()];
  }

  find(number: number): Result<Incident, IncidentRefusal> {
    const incident = this.#incidents.get(number);
    return incident === undefined ? refuse('noSuchIncident', String(number)) : ok(incident);
  }

  /** While it is open as last counted, afterwards as counted at its end; undefined: nobody counted. */
  progress(incident: Incident): Progress | undefined {
    if (!incident.isCounted) return undefined;
    if (incident.end !== null) return { ...incident.end, atMs: incident.closedMs ?? 0 };
    return this.#counted.get(incident.number)?.progress ?? progressOf(incident.affected, incident.openedMs);
  }

  /** Who would be told; nothing is noted. */
  async plan({ title, fromLedger, named }: NewIncident): Promise<Result<IncidentPlan, IncidentRefusal>> {
    const said = checkSaid(title);
    if (!said.ok) return said;
    if (!fromLedger && named.length === 0) return refuse('nobodyNamed');
    const affected = await this.#findAffected(fromLedger, named);
    return affected.ok ? ok({ title: said.value, affected: affected.value }) : affected;
  }

  open(wanted: NewIncident): Answer {
    return this.#alone(async () => {
      const planned = await this.plan(wanted);
      if (!planned.ok) return planned;
      const { title, affected } = planned.value;
      const nowMs = this.#options.clock.nowMs();
      const number = Math.max(0, ...this.#incidents.keys()) + 1;
      return this.#put({
        v: 1,
        number,
        title,
        sinceSeq: this.#options.neighbours.lastSeq(),
        openedMs: nowMs,
        closedMs: null,
        isCounted: wanted.fromLedger,
        affected: [...affected],
        entries: [{ atMs: nowMs, what: 'opened', text: title }],
        end: null,
        told: { opened: null, closed: null },
      });
    });
  }

  /** The incident as it would stand; nothing is noted. */
  planUpdate(number: number, text: string): Result<Incident, IncidentRefusal> {
    const incident = this.#findOpen(number);
    const said = checkSaid(text);
    if (!incident.ok) return incident;
    return said.ok ? ok(withEntry(incident.value, this.#entry('update', said.value))) : said;
  }

  update(number: number, text: string): Answer {
    return this.#alone(async () => {
      const planned = this.planUpdate(number, text);
      return planned.ok ? this.#put(planned.value) : planned;
    });
  }

  /** As it would stand. `isLost`: what the ledger still misses is said to be lost. */
  async planClose(number: number, text: string, isLost: boolean): Answer {
    const incident = this.#findOpen(number);
    const said = checkSaid(text);
    if (!incident.ok) return incident;
    if (!said.ok) return said;
    const { isCounted } = incident.value;
    const counted = await this.#count(incident.value);
    if (!counted.ok) return counted;
    const { affected, progress } = counted.value;
    const { expected, found } = progress;
    if (isCounted && found < expected && !isLost)
      return refuse('stillMissing', `${found} of ${expected} letters are back.`);
    const entry = this.#entry('closed', said.value);
    const end = isCounted ? { expected, found } : null;
    return ok({ ...withEntry(incident.value, entry), affected: [...affected], closedMs: entry.atMs, end });
  }

  close(number: number, text: string, isLost: boolean): Answer {
    return this.#alone(async () => {
      const planned = await this.planClose(number, text, isLost);
      return planned.ok ? this.#put(planned.value) : planned;
    });
  }

  /** Counts the open ones anew; what cannot be counted now stays as it was. */
  async recount(): Promise<void> {
    for (const incident of this.all) if (isOpen(incident)) await this.#count(incident);
  }

  /** Tells what was not told yet. A mailbox that cannot be reached now is tried again at the next look. */
  tell(): Promise<void> {
    const told = this.#telling.then(() => this.#tellAll());
    this.#telling = told.catch(() => undefined);
    return told;
  }

  async #tellAll(): Promise<void> {
    const { log, clock } = this.#options;
    for (const { number, sinceSeq } of this.all) {
      for (;;) {
        const incident = this.#incidents.get(number);
        const phase = incident === undefined ? undefined : untold(incident)[0];
        if (incident === undefined || phase === undefined) break;
        const reached = await tellPhase(this.#options, { incident, phase, sinceSeq, nowMs: clock.nowMs() });
        if (reached === undefined) {
          log.warn('incident.notAllTold', { incident: number });
          break;
        }
        const done = { atMs: clock.nowMs(), reached };
        const noted = await this.#alone(async () => {
          const now = this.find(number); // an update may have been noted meanwhile
          return now.ok ? this.#put({ ...now.value, told: { ...now.value.told, [phase]: done } }) : now;
        });
        if (!noted.ok) break;
      }
    }
  }

  async #findAffected(
    fromLedger: boolean,
    named: readonly AccountId[],
  ): Promise<Result<readonly Affected[], IncidentRefusal>> {
    const unique = [...new Set(named)];
    const bare = unique.map((accountId) => ({ accountId, expected: 0, found: 0, mailboxes: 0, throughSeq: 0 }));
    const counts = fromLedger ? await this.#options.neighbours.count(unique) : ok(bare);
    if (!counts.ok) return refuse('neighbour', counts.error.sentence);
    const { affectedMax } = limits.incident;
    if (counts.value.length === 0) return refuse('nobodyAffected');
    return counts.value.length > affectedMax
      ? refuse('tooManyAffected', String(counts.value.length))
      : ok(
          counts.value.map(({ accountId, expected, found, mailboxes }) => ({ accountId, expected, found, mailboxes })),
        );
  }

  async #count(incident: Incident): Promise<Result<Counted, IncidentRefusal>> {
    const { neighbours, clock } = this.#options;
    const { affected, isCounted, number } = incident;
    if (!isCounted) return ok({ affected, progress: progressOf(affected, clock.nowMs()) });
    const counts = await neighbours.count(affected.map(({ accountId }) => accountId));
    if (!counts.ok) return refuse('neighbour', counts.error.sentence);
    const now = countedNow(affected, counts.value, await this.#findNoticed(incident));
    const counted = { affected: now, progress: progressOf(now, clock.nowMs()) };
    this.#counted.set(number, counted);
    return ok(counted);
  }

  /** While it is counted only the notice of its beginning is out. Read once when all have it, and each time before. */
  async #findNoticed(incident: Incident): Promise<ReadonlyMap<AccountId, number>> {
    const { number, told } = incident;
    const known = this.#noticed.get(number) ?? (await findNoticed(this.#options, incident, 'opened'));
    if (told.opened !== null) this.#noticed.set(number, known);
    return known;
  }

  #findOpen(number: number): Result<Incident, IncidentRefusal> {
    const found = this.find(number);
    return found.ok && !isOpen(found.value) ? refuse('closed', String(number)) : found;
  }

  #entry(what: IncidentEntry['what'], text: string): IncidentEntry {
    return { atMs: this.#options.clock.nowMs(), what, text };
  }

  async #put(incident: Incident): Answer {
    const effect = { incident: incident.number, content: incidentContent(incident) };
    const noted = await this.#options.neighbours.note({ kind: 'incidentPut', effect });
    if (!noted.ok) return refuse('neighbour', noted.error.sentence);
    this.#incidents = new Map([...this.#incidents, [incident.number, incident]]);
    await this.#options.step('noted');
    return ok(incident);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

function withEntry<T extends Pick<IncidentContent, 'entries'>>(incident: T, entry: IncidentEntry): T {
  return { ...incident, entries: [...incident.entries, entry] };
}

const ADDRESS = /[^\s@<>]+@[^\s@<>]+/;

/** Everybody reads it: one sentence, and nobody's address in it. */
function checkSaid(text: string): Result<string, IncidentRefusal> {
  const said = text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
  if (said === '') return refuse('emptyText');
  if (said.length > limits.incident.textCharacters)
    return refuse('textTooLong', String(limits.incident.textCharacters));
  const address = ADDRESS.exec(said)?.[0];
  return address === undefined ? ok(said) : refuse('namesSomebody', address);
}
