// The directory snapshot: one SQLite file fed from the journal, from which intake reads recipients, keys, rules and quota without the database.

import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { rm } from 'node:fs/promises';
import { idFromBytes, idToBytes, type AccountId, type InstanceId, type MailboxId } from '#base/ids.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import { requireValue } from '#base/assert.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Command, CommandOf, JsonObject, Role } from '../journal/commands.ts';
import type { KeyRecord } from '../journal/journal.ts';
import type { RecordHeader } from '../journal/record.ts';
import type { CountedUse, Directory, DirectoryAccount, RegisterEntry, RegisterKind } from './directory.ts';

const FORMAT = 3;

const SCHEMA = `
  CREATE TABLE meta (only INTEGER PRIMARY KEY CHECK (only = 1), format INTEGER, instance BLOB, seq INTEGER);
  CREATE TABLE domain (domain TEXT PRIMARY KEY, catch_all BLOB) WITHOUT ROWID;
  CREATE TABLE address (address TEXT PRIMARY KEY, account BLOB NOT NULL, removed INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE member (address TEXT, account BLOB, place INTEGER NOT NULL, PRIMARY KEY (address, account)) WITHOUT ROWID;
  CREATE TABLE account (
    account BLOB PRIMARY KEY, role TEXT, created_seq INTEGER, closed INTEGER, account_seq INTEGER, keys_version INTEGER,
    certificate BLOB, summary_key BLOB, inbox BLOB, junk BLOB, rules BLOB, used INTEGER, quota INTEGER
  ) WITHOUT ROWID;
  CREATE TABLE register (
    kind TEXT, id TEXT, seq INTEGER, time_ms INTEGER, content TEXT NOT NULL, PRIMARY KEY (kind, id, seq)
  ) WITHOUT ROWID;
  CREATE INDEX operators ON account (created_seq) WHERE role = 'operator';
`;

/**
 * Opens the file, or makes it anew when it is missing, damaged, of another format or of another house: it can always be
 * refilled. The file stays locked while it is open: that keeps a second program off the data folder, so open it first.
 * Nothing is opened by path later on, so rights may be dropped behind it.
 */
export async function openDirectory(
  path: string,
  instanceId: InstanceId,
): Promise<Result<Directory, { readonly kind: 'inUse' }>> {
  const usable = tryOpen(path, instanceId);
  if (usable === 'inUse') return err({ kind: 'inUse' });
  if (usable) return ok(usable);
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(path + suffix, { force: true });
  const made = tryOpen(path, instanceId);
  if (!made || made === 'inUse') throw new Error('the directory snapshot cannot be made');
  return ok(made);
}

const SQLITE_BUSY = 5;

function tryOpen(path: string, instanceId: InstanceId): Directory | 'inUse' | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    // exclusive before WAL: no shared memory file. NORMAL: consistent after any stop; what is missing is in the journal
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    db.exec('PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; BEGIN IMMEDIATE;');
    const known = db.prepare(`SELECT name FROM sqlite_master WHERE name = 'meta'`).get();
    if (!known) {
      db.exec(SCHEMA);
      db.prepare('INSERT INTO meta VALUES (1, ?, ?, 0)').run(FORMAT, idToBytes(instanceId));
    }
    const meta = db.prepare('SELECT format, instance, seq FROM meta').get();
    db.exec('UPDATE meta SET seq = seq; COMMIT;'); // takes the lock and opens the log now
    const instance = meta?.['instance'];
    const isOurs =
      meta?.['format'] === FORMAT && instance instanceof Uint8Array && idFromBytes(instance) === instanceId;
    if (isOurs) return new SqliteDirectory(db, Number(meta['seq']));
  } catch (cause) {
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY) {
      db?.close();
      return 'inUse';
    }
    // damaged: made anew by the caller
  }
  db?.close();
  return undefined;
}

const ACCOUNT_COLUMNS = 'account, role, keys_version, certificate, summary_key, inbox, junk, rules, used, quota';

class SqliteDirectory implements Directory {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #seq: number;

  constructor(db: DatabaseSync, seq: number) {
    this.#db = db;
    this.#seq = seq;
  }

  get appliedSeq(): number {
    return this.#seq;
  }

  apply(records: readonly KeyRecord[]): void {
    const fresh = records.filter((record) => record.header.seq > this.#seq);
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.#db.exec('BEGIN');
    try {
      for (const record of fresh) this.#applyOne(record);
      this.#run('UPDATE meta SET seq = ?', last.header.seq);
      this.#db.exec('COMMIT');
    } catch (cause) {
      this.#db.exec('ROLLBACK');
      throw cause;
    }
    this.#seq = last.header.seq;
  }

  findByAddress(address: string): DirectoryAccount | undefined {
    return toAccount(
      this.#get(
        `SELECT ${ACCOUNT_COLUMNS} FROM account WHERE closed = 0 AND account = (SELECT account FROM address WHERE address = ? AND removed = 0)`,
        address,
      ),
    );
  }

  findGroup(address: string): readonly DirectoryAccount[] {
    const rows = this.#statement(
      `SELECT ${ACCOUNT_COLUMNS} FROM member JOIN account USING (account) WHERE address = ? AND closed = 0 ORDER BY place`,
    ).all(address);
    return rows.map(toAccount).filter((account) => account !== undefined);
  }

  findByAccount(accountId: AccountId): DirectoryAccount | undefined {
    return toAccount(
      this.#get(`SELECT ${ACCOUNT_COLUMNS} FROM account WHERE closed = 0 AND account = ?`, idToBytes(accountId)),
    );
  }

  findCatchAll(domain: string): DirectoryAccount | undefined {
    return toAccount(
      this.#get(
        `SELECT ${ACCOUNT_COLUMNS} FROM account WHERE closed = 0 AND account = (SELECT catch_all FROM domain WHERE domain = ?)`,
        domain,
      ),
    );
  }

  hasDomain(domain: string): boolean {
    return this.#get('SELECT 1 AS found FROM domain WHERE domain = ?', domain) !== undefined;
  }

  domains(): readonly string[] {
    return this.#statement('SELECT domain FROM domain ORDER BY domain')
      .all()
      .map((row) => String(row['domain']));
  }

  operators(): readonly DirectoryAccount[] {
    const rows = this.#statement(
      `SELECT ${ACCOUNT_COLUMNS} FROM account WHERE role = 'operator' AND closed = 0 ORDER BY created_seq`,
    ).all();
    return rows.map(toAccount).filter((account) => account !== undefined);
  }

  register(kind: RegisterKind): readonly RegisterEntry[] {
    const rows = this.#statement('SELECT id, seq, time_ms, content FROM register WHERE kind = ? ORDER BY seq').all(
      kind,
    );
    return rows.map((row) => ({
      id: String(row['id']),
      seq: Number(row['seq']),
      timeMs: Number(row['time_ms']),
      content: parseContent(String(row['content'])),
    }));
  }

  lastAccountSeq(accountId: AccountId): number {
    return Number(
      this.#get('SELECT account_seq FROM account WHERE account = ?', idToBytes(accountId))?.['account_seq'] ?? 0,
    );
  }

  countAccounts(): number {
    return Number(this.#get('SELECT count(*) AS n FROM account WHERE closed = 0')?.['n'] ?? 0);
  }

  correctUsed(counted: readonly CountedUse[]): number {
    const sql = 'UPDATE account SET used = ? WHERE account = ? AND account_seq = ? AND used <> ?';
    return counted.reduce((changed, { accountId, accountSeq, usedBytes }) => {
      const done = this.#statement(sql).run(usedBytes, idToBytes(accountId), accountSeq, usedBytes);
      return changed + Number(done.changes);
    }, 0);
  }

  close(): void {
    this.#db.close();
  }

  takeOver(other: Directory): void {
    if (!(other instanceof SqliteDirectory) || other.#seq < this.#seq)
      throw new Error('a directory that stands behind');
    this.#db.exec('BEGIN');
    for (const table of ['domain', 'address', 'member', 'account', 'register', 'meta']) {
      this.#db.exec(`DELETE FROM ${table}`);
      for (const row of other.#db.prepare(`SELECT * FROM ${table}`).iterate()) {
        const values = Object.values(row);
        this.#statement(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`).run(...values);
      }
    }
    this.#db.exec('COMMIT');
    this.#seq = other.#seq;
  }

  #applyOne({ header, content }: KeyRecord): void {
    // what was undone stands here already: the file is made anew, now by takeOver or at the next start
    if (content.kind === 'voided' && content.voided.reason === 'undone') this.#run('UPDATE meta SET format = 0');
    if (content.kind === 'command') {
      this.#applyCommand(header.accountId, content.command, header.seq);
      this.#applyRegister(header, content.command);
    }
    if (header.accountId === undefined) return;
    const account = idToBytes(header.accountId);
    const grown = content.kind === 'letter' && content.bodyPlace ? content.letter.renderSizeBytes : 0;
    this.#run(
      'UPDATE account SET account_seq = ?, used = used + ? WHERE account = ?',
      header.accountSeq + header.span - 1,
      grown,
      account,
    );
  }

  #applyCommand(accountId: AccountId | undefined, command: Command, seq: number): void {
    const account = accountId === undefined ? null : idToBytes(accountId);
    switch (command.kind) {
      case 'domainAdded':
        return this.#run('INSERT INTO domain VALUES (?, NULL) ON CONFLICT DO NOTHING', command.effect.domain);
      case 'domainRemoved':
        return this.#run('DELETE FROM domain WHERE domain = ?', command.effect.domain);
      case 'catchAllPut': {
        const target = command.effect.accountId === null ? null : idToBytes(command.effect.accountId);
        return this.#run('UPDATE domain SET catch_all = ? WHERE domain = ?', target, command.effect.domain);
      }
      case 'accountCreated':
        return this.#createAccount(requireValue(account, 'account of a sign-up'), command, seq);
      case 'roleChanged':
        return this.#run('UPDATE account SET role = ? WHERE account = ?', command.effect.role, account);
      case 'accountClosed':
      case 'accountReopened':
        return this.#setClosed(account, command.kind === 'accountClosed');
      case 'accountErased':
        return this.#endAccount(idToBytes(command.effect.accountId), command.effect.addresses);
      case 'groupPut':
        return this.#putGroup(command.effect);
      case 'groupRemoved':
        return this.#run('DELETE FROM member WHERE address = ?', command.effect.address);
      case 'keysPut':
      case 'holderRemoved': {
        const { version, certificate, summaryKey } = command.effect.keys;
        const sql = 'UPDATE account SET keys_version = ?, certificate = ?, summary_key = ? WHERE account = ?';
        return this.#run(sql, version, requireBytes(certificate), requireBytes(summaryKey), account);
      }
      case 'addressAdded':
        return this.#run(
          'INSERT INTO address VALUES (?, ?, 0) ON CONFLICT (address) DO UPDATE SET account = excluded.account, removed = 0',
          command.effect.address,
          account,
        );
      case 'addressRemoved': {
        const sql = 'UPDATE address SET removed = 1 WHERE address = ? AND account = ?';
        return this.#run(sql, command.effect.address, account);
      }
      case 'rulesPut': {
        const sealed = requireBytes(command.effect.sealed);
        return this.#run('UPDATE account SET rules = ? WHERE account = ?', sealed, account);
      }
      case 'quotaPut':
        return this.#run('UPDATE account SET quota = ? WHERE account = ?', command.effect.quotaBytes, account);
      case 'lettersRemoved':
      case 'mailboxRemoved': {
        const sql = 'UPDATE account SET used = max(0, used - ?) WHERE account = ?';
        return this.#run(sql, command.effect.freedBytes, account);
      }
      default:
        return undefined; // everything else is no business of the door
    }
  }

  #applyRegister({ seq, timeMs }: RecordHeader, command: Command): void {
    const put = (kind: RegisterKind, id: string, content: JsonObject): undefined =>
      this.#run('INSERT INTO register VALUES (?, ?, ?, ?, ?)', kind, id, seq, timeMs, JSON.stringify(content));
    const drop = (kind: RegisterKind, id: string): undefined =>
      this.#run('DELETE FROM register WHERE kind = ? AND id = ?', kind, id);
    switch (command.kind) {
      case 'operatorPut':
        drop('operator', command.effect.operatorId);
        return put('operator', command.effect.operatorId, command.effect.content);
      case 'operatorRemoved':
        return drop('operator', command.effect.operatorId);
      case 'changeStepped':
        return put('change', String(command.effect.change), { step: command.effect.step, facts: command.effect.facts });
      case 'incidentPut':
        drop('incident', String(command.effect.incident));
        return put('incident', String(command.effect.incident), command.effect.content);
      default:
        return undefined;
    }
  }

  #putGroup({ address, accountIds }: CommandOf<'groupPut'>['effect']): undefined {
    this.#run('DELETE FROM member WHERE address = ?', address);
    for (const [place, id] of accountIds.entries()) {
      this.#run('INSERT INTO member VALUES (?, ?, ?) ON CONFLICT DO NOTHING', address, idToBytes(id), place);
    }
  }

  #setClosed(account: Uint8Array | null, isClosed: boolean): undefined {
    this.#run('UPDATE account SET closed = ? WHERE account = ?', Number(isClosed), account);
  }

  /** Its addresses stay taken; from now on they are unknown at the door. */
  #endAccount(account: Uint8Array, addresses: readonly string[]): undefined {
    for (const address of addresses) {
      this.#run(
        'INSERT INTO address VALUES (?, ?, 1) ON CONFLICT (address) DO UPDATE SET removed = 1',
        address,
        account,
      );
    }
    this.#run('DELETE FROM member WHERE account = ?', account);
    this.#run('UPDATE domain SET catch_all = NULL WHERE catch_all = ?', account);
    this.#run('DELETE FROM account WHERE account = ?', account);
  }

  #createAccount(account: Uint8Array, command: Extract<Command, { kind: 'accountCreated' }>, seq: number): void {
    const { role, address, keys, mailboxes, quotaBytes } = command.effect;
    const mailbox = (wanted: 'inbox' | 'junk'): Uint8Array =>
      idToBytes(
        requireValue(
          mailboxes.find((box) => box.role === wanted),
          wanted,
        ).id,
      );
    this.#run(
      'INSERT INTO account VALUES (?, ?, ?, 0, 0, ?, ?, ?, ?, ?, NULL, 0, ?)',
      account,
      role,
      seq,
      keys.version,
      requireBytes(keys.certificate),
      requireBytes(keys.summaryKey),
      mailbox('inbox'),
      mailbox('junk'),
      quotaBytes,
    );
    this.#run('INSERT INTO address VALUES (?, ?, 0)', address, account);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #get(sql: string, ...values: (string | number | Uint8Array)[]): Record<string, unknown> | undefined {
    return this.#statement(sql).get(...values);
  }

  #run(sql: string, ...values: (string | number | Uint8Array | null)[]): undefined {
    this.#statement(sql).run(...values);
  }
}

function toAccount(row: Record<string, unknown> | undefined): DirectoryAccount | undefined {
  if (!row) return undefined;
  const rules = row['rules'];
  return {
    accountId: idFromBytes<AccountId>(blob(row['account'])),
    role: row['role'] as Role,
    keysVersion: Number(row['keys_version']),
    certificate: blob(row['certificate']),
    summaryKey: blob(row['summary_key']),
    inbox: idFromBytes<MailboxId>(blob(row['inbox'])),
    junk: idFromBytes<MailboxId>(blob(row['junk'])),
    rules: rules instanceof Uint8Array ? Uint8Array.from(rules) : undefined,
    usedBytes: Number(row['used']),
    quotaBytes: Number(row['quota']),
  };
}

function blob(value: unknown): Uint8Array<ArrayBuffer> {
  if (!(value instanceof Uint8Array)) throw new Error('the directory snapshot holds a value of the wrong kind');
  return Uint8Array.from(value);
}

function parseContent(text: string): JsonObject {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}

function requireBytes(text: string): Uint8Array {
  return requireValue(fromBase64(text), 'base64 in a command');
}
