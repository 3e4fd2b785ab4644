// A PostgreSQL of the operator's own: whether it is new enough, and whether its logs would keep what letters are about.

import { Client } from 'pg';
import { err, ok, type Result } from '#base/result.ts';

export interface ExternalDatabase {
  /** 150004 for 15.4. */
  readonly version: number;
  /** Sentences for the operator. */
  readonly warnings: readonly string[];
}

export interface ExternalRefusal {
  readonly kind: 'unreachable' | 'too-old' | 'logs-too-much';
  readonly sentence: string;
}

const VERSION_MIN = 150_000;

interface LogRule {
  readonly name: string;
  readonly isSafe: (value: string) => boolean;
  /** What it should be. */
  readonly advice: string;
}

const isOff = (value: string): boolean => value === '-1';
const isZero = (value: string): boolean => Number(value) === 0;

/** Each of these makes statements of ours appear in the log; their parameters come along unless the length below is 0. */
const STATEMENT_RULES: readonly LogRule[] = [
  { name: 'log_statement', isSafe: (value) => value === 'none' || value === 'ddl', advice: 'none' },
  { name: 'log_min_duration_statement', isSafe: isOff, advice: '-1' },
  { name: 'log_min_duration_sample', isSafe: isOff, advice: '-1' },
  { name: 'log_transaction_sample_rate', isSafe: isZero, advice: '0' },
];
const PARAMETER_RULE: LogRule = { name: 'log_parameter_max_length', isSafe: isZero, advice: '0' };
const REFUSED_RULES: readonly LogRule[] = [
  { name: 'log_parameter_max_length_on_error', isSafe: isZero, advice: '0' },
  { name: 'auto_explain.log_min_duration', isSafe: isOff, advice: '-1' },
];
/** An error’s DETAIL names the row, for example the address that exists already. */
const WARNED_RULES: readonly LogRule[] = [
  { name: 'log_error_verbosity', isSafe: (value) => value === 'terse', advice: 'terse' },
];

/** Looks at the server behind `url`. Refused when it is older than 15 or when its log would hold addresses or parameters. */
export async function checkExternal(url: string): Promise<Result<ExternalDatabase, ExternalRefusal>> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer';
    const sentence = `the PostgreSQL of DATABASE_URL cannot be used (${code}). Check that it runs and that user, password and database are right.`;
    return err({ kind: 'unreachable', sentence });
  }
  try {
    return judge(await readSettings(client));
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function readSettings(client: Client): Promise<ReadonlyMap<string, string>> {
  const rules = [...STATEMENT_RULES, PARAMETER_RULE, ...REFUSED_RULES, ...WARNED_RULES];
  const names = ['server_version_num', ...rules.map(({ name }) => name)];
  const { rows } = await client.query<{ name: string; setting: string }>(
    'SELECT name, setting FROM pg_settings WHERE name = ANY($1)',
    [names],
  );
  return new Map(rows.map(({ name, setting }) => [name, setting]));
}

function judge(settings: ReadonlyMap<string, string>): Result<ExternalDatabase, ExternalRefusal> {
  const version = Number(settings.get('server_version_num') ?? 0);
  if (version < VERSION_MIN) {
    const sentence = `the PostgreSQL of DATABASE_URL is version ${Math.floor(version / 10_000)}; 15 or newer is needed.`;
    return err({ kind: 'too-old', sentence });
  }
  const isLoose = ({ name, isSafe }: LogRule): boolean => {
    const value = settings.get(name);
    return value !== undefined && !isSafe(value);
  };
  const statements = isLoose(PARAMETER_RULE) ? STATEMENT_RULES.filter(isLoose) : [];
  const refused = [...statements, ...REFUSED_RULES.filter(isLoose)];
  if (refused.length > 0) {
    const sentence = `the PostgreSQL of DATABASE_URL would write parameters, and so addresses, into its log. Set for this user: ${wishes(refused)}.`;
    return err({ kind: 'logs-too-much', sentence });
  }
  const warned = WARNED_RULES.filter(isLoose);
  const warning = `The PostgreSQL of DATABASE_URL names rows in the errors it logs. Set for this user: ${wishes(warned)}.`;
  return ok({ version, warnings: warned.length === 0 ? [] : [warning] });
}

function wishes(rules: readonly LogRule[]): string {
  return rules.map(({ name, advice }) => `${name} = ${advice}`).join(', ');
}
