// How the house is, in words and numbers for programs that watch it: no person, no domain, no address.

import type { HealthNeighbours, HealthReason, Metric } from '#office/api/health.ts';
import type { PublicParts } from './public-routes.ts';

/** Counts letters as their rows are written, from now on. */
export function createMeasures({
  vault,
  outgoing,
  measured,
  certificate,
}: PublicParts): Pick<HealthNeighbours, 'reasons' | 'metrics'> {
  let lettersApplied = 0;
  vault.door.onApplied((_, records) => {
    for (const { content } of records) if (content.kind === 'letter') lettersApplied += 1;
  });
  return {
    reasons: () => {
      const intake = vault.journal.mayAccept();
      const found: HealthReason[] = [];
      if (vault.door.health.state !== 'up') found.push('database');
      if (!intake.ok) found.push(intake.error.kind === 'diskFull' ? 'disk-full' : 'journal');
      if (measured.queue.status.hasFailed) found.push('queue');
      return found;
    },
    metrics: () => {
      const { health } = vault.door;
      const { waiting, inFlight, heldAccounts } = measured.queue.status;
      return [
        counter('letters_stored_total', 'Letters whose rows were written since the start.', lettersApplied),
        counter('journal_records_total', 'Records of the journal.', vault.journal.durableSeq),
        gauge('journal_records_waiting', 'Records whose rows are not written yet.', health.behind),
        gauge('records_held_back', 'Records that could not be shown.', health.heldBack),
        gauge('database_up', '1 while the database answers.', health.state === 'up' ? 1 : 0),
        gauge('accounts', 'Accounts of the house.', vault.directory.countAccounts()),
        gauge('reception_connections', 'Open connections of other servers.', measured.reception.connections),
        gauge('submission_connections', 'Open connections of mail programs.', measured.submission.connections),
        gauge('queue_waiting', 'Letters that wait to leave.', waiting),
        gauge('queue_leaving', 'Letters on their way to a peer.', inFlight),
        gauge('queue_held_accounts', 'Accounts whose letters are held.', heldAccounts.size),
        counter('delivery_connections_total', 'Connections to mail servers since the start.', measured.deliveries()),
        {
          ...counter('outgoing_requests_total', 'Requests over HTTP since the start, by purpose.', 0),
          value: { label: 'purpose', values: outgoing.connections },
        },
        gauge('certificate_ends_seconds', 'When the certificate ends; 0 without one.', certificate.endsMs / 1_000),
      ];
    },
  };
}

function counter(name: string, help: string, value: number): Metric {
  return { name, help, type: 'counter', value };
}

function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: 'gauge', value };
}
