// What the operator's commands do in the running program: addresses, domains, invitations, and looking after what is kept.

import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { newId, parseId, type AccountId, type InviteId, type TraceId } from '#base/ids.ts';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { parseDomain } from '#formats/smtp/address.ts';
import type { TelemetryHome } from '#office/telemetry/home/home.ts';
import type { Queue } from '#post/delivery/queue/queue.ts';
import { isAddressTaken, isOwnDomain } from '#vault/database/accounts-read.ts';
import { findFirstAddress } from '#vault/database/house-read.ts';
import type { Role } from '#vault/journal/commands.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { verifyJournal, type Finding } from '#vault/journal/verify-journal.ts';
import type { OperatorHandlers, OperatorRefusal, Progress, ResultOf } from '../operator-methods.ts';
import { createAccountHandlers } from './account-handlers.ts';
import { createBackupHandlers } from './backup-handlers.ts';
import { createBookHandlers } from './book-handlers.ts';
import { createChangeHandlers } from './change-handlers.ts';
import { createDeskHandlers } from './desk-handlers.ts';
import { createStatementHandlers } from './statement-handlers.ts';
import { createDrillHandlers } from './open-drill.ts';
import { createGenerationHandlers } from './generation-handlers.ts';
import { createGroupHandlers } from './group-handlers.ts';
import { createIncidentHandlers } from './incident-handlers.ts';
import type { HouseBackups } from './open-backups.ts';
import type { HouseForgetting } from './open-forgetting.ts';
import type { Safeguards } from './open-safeguards.ts';
import type { HouseSafety } from './open-safety.ts';
import { journalFolder, type Vault } from './open-vault.ts';
import { commit, findOwner, readAddress, refuse } from './operator-change.ts';
import type { HouseDesk } from './open-desk.ts';
import { openFulfilment } from './open-fulfilment.ts';
import { createLedgerHandlers } from './ledger-handlers.ts';
import { createOperatorListHandlers, type OperatorListParts } from './operator-list-handlers.ts';
import { createQueueHandlers } from './queue-handlers.ts';
import { createSqlHandlers } from './sql-handlers.ts';
import { createRestoreHandlers } from './restore-handlers.ts';
import { createSigningHandlers, type SigningParts } from './signing-handlers.ts';
import { createTelemetryHandlers } from './telemetry-handlers.ts';
import type { TraceLog } from './trace-log.ts';

export interface OperatorFacts {
  readonly config: Config;
  /** The data folder as it can be reached now. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly desk: HouseDesk;
  readonly trace: TraceLog;
  readonly joinUrl: (code: string) => string;
  readonly smtpPort: number;
  readonly status: () => ResultOf<'status'>;
  readonly queue: Queue;
  readonly backups: HouseBackups;
  readonly forgetting: HouseForgetting;
  /** Mail programs of an account that was closed. */
  readonly endAppSessions: (accountId: AccountId) => void;
  readonly safeguards: Safeguards;
  readonly instance: string;
  readonly signing: SigningParts;
  readonly ledgerKey: Uint8Array;
  readonly safety: HouseSafety;
  readonly telemetry: TelemetryHome;
}

const DAY_MS = 86_400_000;

export function createOperatorHandlers(facts: OperatorFacts): OperatorHandlers {
  const { desk: house } = facts;
  return {
    status: async () => ok(facts.status()),
    'invite.create': ({ role }) => createInvite(facts, role),
    'address.add': ({ address, owner }) => addAddress(facts, { address, owner, kind: 'address' }),
    'address.alias': ({ address, owner }) => addAddress(facts, { address, owner, kind: 'alias' }),
    'address.remove': ({ address, apply }) => removeAddress(facts, address, apply),
    'domain.add': ({ domain, catchAll }) => addDomain(facts, domain, catchAll),
    'journal.verify': (_, progress) => verify(facts, progress),
    ...createGenerationHandlers(facts.vault),
    ...createQueueHandlers(facts.queue),
    ...createGroupHandlers(facts),
    ...createBookHandlers(facts.vault.book),
    ...createAccountHandlers({ ...facts, domain: facts.config.domain }),
    ...createBackupHandlers(facts.backups),
    ...createChangeHandlers(facts.safeguards.changes, facts.vault.database),
    ...createOperatorListHandlers(operatorListParts(facts)),
    ...createRestoreHandlers(facts),
    ...createLedgerHandlers({
      vault: facts.vault,
      ledgerKey: facts.ledgerKey,
      domain: facts.config.domain,
      onReport: (report, seconds) => facts.safety.ledger.note(report, seconds),
    }),
    ...createIncidentHandlers({ house: facts.safety.incidents, vault: facts.vault, domain: facts.config.domain }),
    ...createTelemetryHandlers(facts.telemetry),
    ...createDeskHandlers({ ...house, fulfilment: openFulfilment(house, facts) }),
    ...createStatementHandlers(house.desk, house.statements),
    ...createDrillHandlers(facts.safeguards.drill),
    ...createSqlHandlers(facts.vault.database),
    ...createSigningHandlers(facts.signing),
    trace: ({ id }) => findTrace(facts, id),
    'letter.target': () => findTarget(facts),
  };
}

function operatorListParts({ safeguards, vault, config, instance }: OperatorFacts): OperatorListParts {
  return { changes: safeguards.changes, vault, domain: config.domain, instance };
}

/** A code that works once; its hash is journalled, the code itself only shown. */
export async function createInvite(
  { vault, clock, joinUrl }: Pick<OperatorFacts, 'vault' | 'clock' | 'joinUrl'>,
  role: Role,
): Promise<Result<{ code: string; url: string }, OperatorRefusal>> {
  const code = toBase64Url(randomBytes(12));
  const effect = {
    inviteId: newId<InviteId>(),
    codeHash: toBase64Url(createHash('sha256').update(code).digest()),
    role,
    expiresMs: clock.nowMs() + limits.invite.validDays * DAY_MS,
  };
  const done = await commit(vault, undefined, async () => ok({ kind: 'inviteCreated', effect }));
  return done.ok ? ok({ code, url: joinUrl(code) }) : done;
}

interface NewAddress {
  readonly address: string;
  readonly owner: string;
  readonly kind: 'address' | 'alias';
}

async function addAddress(
  { config, vault }: OperatorFacts,
  wanted: NewAddress,
): Promise<Result<{ address: string }, OperatorRefusal>> {
  const address = readAddress(wanted.address, config.domain);
  const owner = readAddress(wanted.owner, config.domain);
  if (!address.ok) return address;
  if (!owner.ok) return owner;
  const accountId = await findOwner(vault, owner.value);
  if (!accountId.ok) return accountId;
  const done = await commit(vault, accountId.value, async (reader) => {
    const domain = address.value.slice(address.value.lastIndexOf('@') + 1);
    if (!(await isOwnDomain(reader, domain))) {
      return refuse('domain-unknown', `${domain} is not served here. Add it first: siegel domain add ${domain}`);
    }
    if (await isAddressTaken(reader, address.value)) {
      return refuse('address-taken', `${address.value} is in use or was: an address is never given to another person.`);
    }
    return ok({ kind: 'addressAdded', effect: { address: address.value, kind: wanted.kind } });
  });
  return done.ok ? ok({ address: address.value }) : done;
}

async function removeAddress(
  { config, vault }: OperatorFacts,
  text: string,
  apply: boolean,
): Promise<Result<{ plan: string; isApplied: boolean }, OperatorRefusal>> {
  const address = readAddress(text, config.domain);
  if (!address.ok) return address;
  const accountId = await findOwner(vault, address.value);
  if (!accountId.ok) return accountId;
  const plan = `${address.value} takes no letters any more and is never given to another person. Letters that came stay.`;
  if (!apply) return ok({ plan, isApplied: false });
  const done = await commit(vault, accountId.value, async () =>
    ok({ kind: 'addressRemoved', effect: { address: address.value } }),
  );
  return done.ok ? ok({ plan, isApplied: true }) : done;
}

async function addDomain(
  { config, vault }: OperatorFacts,
  text: string,
  catchAll: string | undefined,
): Promise<Result<{ domain: string }, OperatorRefusal>> {
  const domain = parseDomain(text.toLowerCase());
  if (domain === undefined) return refuse('bad-domain', 'That is not a domain name such as example.org.');
  const added = await commit(vault, undefined, async () => ok({ kind: 'domainAdded', effect: { domain } }));
  if (!added.ok || catchAll === undefined) return added.ok ? ok({ domain }) : added;
  const owner = readAddress(catchAll, config.domain);
  if (!owner.ok) return owner;
  const accountId = await findOwner(vault, owner.value);
  if (!accountId.ok) return accountId;
  const put = await commit(vault, undefined, async () =>
    ok({ kind: 'catchAllPut', effect: { domain, accountId: accountId.value } }),
  );
  return put.ok ? ok({ domain }) : put;
}

async function verify(
  { dataDir }: OperatorFacts,
  progress: Progress,
): Promise<Result<ResultOf<'journal.verify'>, OperatorRefusal>> {
  await wait(0);
  const report = await verifyJournal(nodeDisk, journalFolder(dataDir), (done) => progress(done, done));
  const problems = report.findings.map(describeFinding);
  return ok({ records: report.bodyRecords + report.keyRecords, journals: 1, problems });
}

function describeFinding({ what, lane, segment, offset, seq }: Finding): string {
  const record = seq === undefined ? '' : ` (record ${seq})`;
  return `${what} in ${lane} lane, segment ${segment}, byte ${offset}${record}`;
}

async function findTrace({ trace }: OperatorFacts, text: string): Promise<Result<ResultOf<'trace'>, OperatorRefusal>> {
  const id = parseId<TraceId>(text);
  if (id === undefined)
    return refuse('bad-id', 'That is not an id as it stands behind "id=" in the answer to a letter.');
  const steps = await trace.find(id);
  if (steps.length === 0)
    return refuse(
      'unknown',
      `Nothing is known of that letter. Traces are forgotten after ${limits.trace.keepDays} days.`,
    );
  return ok({ steps: [...steps] });
}

async function findTarget({
  vault,
  config,
  smtpPort,
}: OperatorFacts): Promise<Result<ResultOf<'letter.target'>, OperatorRefusal>> {
  const address = await findFirstAddress(vault.database.reader);
  if (address === undefined) return refuse('no-account', 'There is no mailbox yet. Open the join link first.');
  return ok({ address, host: config.bind, port: smtpPort });
}
