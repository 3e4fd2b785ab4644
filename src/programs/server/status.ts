// What `siegel status` says: warnings with what to do, then plain facts.

import { unreachable } from '#base/assert.ts';
import type { Config } from '#base/config/read.ts';
import type { Queue } from '#post/delivery/queue/queue.ts';
import type { Reception } from '#post/reception/reception.ts';
import type { LaneDamage } from '#vault/journal/recover-lane.ts';
import type { ResultOf } from '../operator-methods.ts';
import type { HouseCertificate } from './house-certificate.ts';
import type { HouseBackups } from './open-backups.ts';
import type { Safeguards } from './open-safeguards.ts';
import type { HouseForgetting } from './open-forgetting.ts';
import type { HouseGuard } from './open-guard.ts';
import type { SubmissionDoor } from './open-submission.ts';
import type { Vault } from './open-vault.ts';

export interface StatusParts {
  readonly vault: Vault;
  readonly reception: Reception;
  readonly submission: SubmissionDoor;
  readonly queue: Queue;
  readonly guard: Pick<HouseGuard, 'status'>;
  readonly backups: Pick<HouseBackups, 'warnings' | 'facts'>;
  readonly safeguards: Pick<Safeguards, 'warnings'>;
  readonly forgetting: Pick<HouseForgetting, 'warnings' | 'facts'>;
  readonly config: Config;
  readonly certificate: Pick<HouseCertificate, 'warnings'>;
  readonly smtpPort: number;
  readonly httpUrl: string;
  readonly warnings: readonly string[];
}

/** Counts letters as their rows are written, from now on. */
export function statusOf({
  vault,
  reception,
  submission,
  queue,
  backups,
  forgetting,
  guard,
  safeguards,
  config,
  certificate,
  smtpPort,
  httpUrl,
  warnings,
}: StatusParts): () => ResultOf<'status'> {
  let lettersApplied = 0;
  vault.door.onApplied((_, records) => {
    for (const { content } of records) if (content.kind === 'letter') lettersApplied += 1;
  });
  return () => {
    const { health } = vault.door;
    const intake = vault.journal.mayAccept();
    const own = [...warnings, ...submission.warnings, ...vault.warnings, ...vault.damage.map(describeDamage)];
    if (!intake.ok && intake.error.kind === 'diskFull')
      own.push(
        'The disk is nearly full: letters are put off until there is room. People can still sign in and delete.',
      );
    if (!intake.ok && intake.error.kind === 'journalFailed')
      own.push('The journal could not be synced: letters are put off. Look at the disk, then start again.');
    if (reception.rspamd?.isAnswering === false)
      own.push(
        'rspamd does not answer: letters are taken and judged by our own light score. Look at rspamd and its log.',
      );
    if (health.state !== 'up')
      own.push('The database does not answer: letters are taken, people wait. It is tried again by itself.');
    if (health.heldBack > 0)
      own.push(`${health.heldBack} letters are kept in the journal but could not be shown; run siegel journal verify.`);
    own.push(
      ...guard.status.warnings,
      ...queueWarnings(queue),
      ...certificate.warnings(),
      ...backups.warnings(),
      ...forgetting.warnings(),
    );
    own.push(...safeguards.warnings());
    const { waiting, inFlight } = queue.status;
    return {
      warnings: own,
      facts: {
        page: httpUrl,
        smtp: `${config.bind}:${smtpPort}`,
        accounts: vault.directory.countAccounts(),
        database: health.state,
        ...(vault.generations === undefined ? {} : { 'database generation': vault.generations.live.name }),
        guard: guard.status.fact,
        'journal record': vault.journal.durableSeq,
        'records applied': health.appliedSeq,
        'records waiting': health.behind,
        'letters applied': lettersApplied,
        connections: reception.connections,
        ...(submission.places.length === 0 ? {} : { 'mail programs': submission.places.join(', ') }),
        'connections of mail programs': submission.connections,
        'letters waiting to leave': waiting,
        'letters leaving': inFlight,
        ...backups.facts(),
        ...forgetting.facts(),
        ...rspamdFacts(reception),
      },
    };
  };
}

function queueWarnings(queue: Queue): readonly string[] {
  const { held, heldAccounts, hasFailed } = queue.status;
  const warnings: string[] = [];
  if (hasFailed)
    warnings.push('Letters that wait to leave could not be synced: none leaves. Look at the disk, then start again.');
  if (held?.reason === 'restored')
    warnings.push(
      'Letters out are held: an older copy was put back. Look at siegel queue list, then siegel queue release --apply.',
    );
  else if (held !== undefined) warnings.push('Letters out are held. Let them go: siegel queue release --apply.');
  if (heldAccounts.size > 0)
    warnings.push(
      `The letters of ${heldAccounts.size} accounts are held, perhaps somebody else uses them: siegel queue list says which.`,
    );
  return warnings;
}

function rspamdFacts({ rspamd }: Reception): Readonly<Record<string, number>> {
  if (rspamd === undefined) return {};
  const { answered, unanswered } = rspamd.counts;
  return { 'judged by rspamd': answered, 'left open by rspamd': unanswered };
}

function describeDamage(damage: LaneDamage): string {
  switch (damage.kind) {
    case 'tornTail':
      return `The last stop tore a write in the ${damage.lane} lane (segment ${damage.segment}). It was never acknowledged; nothing is lost.`;
    case 'tailMissing':
      return `The ${damage.lane} lane lacks records ${damage.lastSeq + 1} to ${damage.witnessSeq} that had been synced. Look at the disk; bring back a backup of the journal if there is one.`;
    case 'otherHistory':
      return `Record ${damage.seq} of the ${damage.lane} lane is not the one that was written. The journal was changed from outside.`;
    case 'damaged':
      return `The ${damage.lane} lane is damaged (segment ${damage.segment}, byte ${damage.offset}). Run siegel journal verify.`;
    default:
      return unreachable(damage);
  }
}
