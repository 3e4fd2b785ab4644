// The incidents of this house with what they need of it: the journal, the ledger, sealed notices, receipts; looked after while the program runs.

import { randomBytes } from 'node:crypto';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok } from '#base/result.ts';
import { writeHouseLetter } from '#post/delivery/queue/notices.ts';
import { passingRefusals, type Reception } from '#post/reception/reception.ts';
import { findPrimaryAddress } from '#vault/database/accounts-read.ts';
import { isUnavailable } from '#vault/database/session.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import { draftText } from '#vault/safeguards/incident/draft.ts';
import { isOpen, untold, type Incident } from '#vault/safeguards/incident/incident-state.ts';
import { Incidents } from '#vault/safeguards/incident/incidents.ts';
import { keptSince } from '#vault/safeguards/incident/kept-since.ts';
import type { IncidentNeighbours } from '#vault/safeguards/incident/neighbours.ts';
import { publicView, type PublicIncident } from '#vault/safeguards/incident/public-view.ts';
import { createRecorder } from './house-book.ts';
import type { LedgerWatch } from './ledger-watch.ts';
import type { Vault } from './open-vault.ts';
import { changesOf, eventsOf, figuresOf, type BackupGlance } from './safety-events.ts';

export interface IncidentParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly domain: string;
  readonly kit: Pick<KeyKit, 'instanceId'>;
  readonly vault: Vault;
  readonly reception: Pick<Reception, 'submit'>;
  readonly ledger: LedgerWatch;
  readonly backups: BackupGlance;
}

export interface HouseIncidents extends Disposable {
  readonly incidents: Incidents;
  /** For everybody; counts anew behind it. */
  shown(): readonly PublicIncident[];
  draft(incident: Incident): Promise<string>;
  /** Tells what is not told yet, now and then by itself; called once the house has its address. */
  begin(url: string): void;
}

const RETRY_MS_MAX = 3_600_000;
const EVENTS_MS = 5_000;

export function openHouseIncidents(parts: IncidentParts): HouseIncidents {
  const { clock, log, kit, vault, backups } = parts;
  const house = { url: '' };
  const incidents = new Incidents({
    clock,
    log,
    instanceId: kit.instanceId,
    neighbours: neighboursOf(parts),
    step: async () => undefined,
    get url() {
      return house.url;
    },
  });
  const events = briefly(clock, () => eventsOf(changesOf(vault.directory), backups.known));
  const recount = createRecount(incidents, clock, log);
  let timer: NodeJS.Timeout | undefined;
  let waitMs: number = limits.incidentWatch.retryMs;
  const look = (): void => {
    void incidents
      .tell()
      .catch((cause: unknown) => log.fault('incident.notTold', cause))
      .finally(() => {
        const isWaiting = incidents.all.some((one) => untold(one).length > 0);
        waitMs = isWaiting ? Math.min(waitMs * 2, RETRY_MS_MAX) : limits.incidentWatch.retryMs;
        timer = setTimeout(look, waitMs);
        timer.unref();
      });
  };
  return {
    incidents,
    shown() {
      recount();
      const progress = (incident: Incident): ReturnType<Incidents['progress']> => incidents.progress(incident);
      return publicView(incidents.all, { nowMs: clock.nowMs(), progress, events: events() });
    },
    async draft(incident) {
      await backups.look();
      const changes = changesOf(vault.directory).map(figuresOf);
      return draftText({ incident, progress: incidents.progress(incident), events: events(), changes });
    },
    begin(url) {
      house.url = url;
      look();
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}

/** Whoever asks /status again and again reads the records once in a few seconds. */
function briefly<T>(clock: Clock, read: () => T): () => T {
  let kept: { readonly untilMs: number; readonly value: T } | undefined;
  return () => {
    const nowMs = clock.monotonicMs();
    if (kept === undefined || nowMs >= kept.untilMs) kept = { untilMs: nowMs + EVENTS_MS, value: read() };
    return kept.value;
  };
}

/** At most once a minute, and never more than a tenth of the time. */
function createRecount(incidents: Incidents, clock: Clock, log: Log): () => void {
  let [nextMs, isRunning] = [0, false];
  return () => {
    const beganMs = clock.monotonicMs();
    if (isRunning || beganMs < nextMs || !incidents.all.some(isOpen)) return;
    isRunning = true;
    void incidents
      .recount()
      .catch((cause: unknown) => log.fault('incident.notCounted', cause))
      .finally(() => {
        const nowMs = clock.monotonicMs();
        isRunning = false;
        nextMs = nowMs + Math.max(limits.incidentWatch.recountMs, 10 * (nowMs - beganMs));
      });
  };
}

function neighboursOf(parts: IncidentParts): IncidentNeighbours {
  const { vault, ledger } = parts;
  const { journal, directory, door, book } = vault;
  const record = createRecorder(door, book);
  return {
    entries: () => directory.register('incident'),
    async note(command) {
      const noted = await door.noteHouse(command);
      if (noted.ok) return ok({ seq: noted.value.header.seq });
      const sentence = 'The journal takes nothing now. Nothing was noted and nobody was told. See: siegel status';
      return err({ kind: noted.error.kind, sentence });
    },
    lastSeq: () => journal.durableSeq,
    keptSince: (seq, letters) => keptSince(journal, seq, letters),
    async count(watched) {
      const counted = await ledger.count(watched);
      return counted.ok ? ok(counted.value.counts) : counted;
    },
    send: (of) => send(parts, of),
    async receipt(kind, facts) {
      if (book === undefined) return true; // damaged and closed, which is said elsewhere
      return (await record({ kind, facts })).ok;
    },
  };
}

type Sending = Parameters<IncidentNeighbours['send']>[0];

async function send(
  { vault, reception, domain, clock }: IncidentParts,
  { accountId, letterId, notice }: Sending,
): ReturnType<IncidentNeighbours['send']> {
  try {
    const address = await findPrimaryAddress(vault.database.reader, accountId);
    if (address === undefined || vault.directory.findByAccount(accountId) === undefined) return 'never';
    const house = { domain, nowMs: () => clock.nowMs(), token: () => randomBytes(16).toString('hex') };
    const [done] = await reception.submit({
      mailFrom: '',
      recipients: [address],
      plainLetter: writeHouseLetter(house, { to: address, ...notice }),
      by: 'house notice',
      letterIdFor: () => letterId,
    });
    if (done?.outcome === 'kept') return 'kept';
    return done !== undefined && !passingRefusals.has(done.outcome) ? 'never' : 'later';
  } catch (cause) {
    if (isUnavailable(cause)) return 'later';
    throw cause;
  }
}
