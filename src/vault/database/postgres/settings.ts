// The embedded PostgreSQL's settings, given on its command line so that nothing on the disk can change them.

/** Name and value. The journal is the truth and the rows are rebuilt from it, so a commit need not wait for the disk. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  cluster_name: 'siegel',
  timezone: 'UTC',
  log_timezone: 'UTC',
  max_connections: '40',

  shared_buffers: '64MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  max_wal_size: '256MB',
  min_wal_size: '64MB',
  checkpoint_timeout: '10min',
  // Rows that a crash takes back are applied again from the journal. fsync stays on: the files must never be torn.
  synchronous_commit: 'off',
  wal_writer_delay: '200ms',
  random_page_cost: '1.1',
  jit: 'off',
  // One program with few connections: helpers that read ahead or in parallel cost memory and gain nothing.
  io_method: 'sync',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_worker_processes: '2',
  max_logical_replication_workers: '0',
  autovacuum_max_workers: '2',
  autovacuum_naptime: '30s',
  huge_pages: 'off',
  update_process_title: 'off',

  // Nothing that a statement holds reaches a log: neither its text, nor its parameters, nor the row an error names.
  logging_collector: 'off',
  log_destination: 'stderr',
  log_min_messages: 'fatal',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_transaction_sample_rate: '0',
  log_duration: 'off',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_lock_waits: 'off',
  log_autovacuum_min_duration: '-1',
  log_checkpoints: 'off',
};

/** Arguments for `postgres`; `extra` wins over the house's own settings. */
export function settingArguments(extra: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.entries({ ...SETTINGS, ...extra }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
