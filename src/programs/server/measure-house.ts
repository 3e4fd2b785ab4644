// The true answers of this house to the questions of the honest counter: facts that stand still, each as the number of its answer.

import { readFile } from 'node:fs/promises';
import type { Config } from '#base/config/read.ts';
import { assert } from '#base/assert.ts';
import { MAILBOX_BOUNDS_MB, questions, type QuestionId } from '#office/telemetry/catalogue/questions.ts';
import { countLetters, readUsedBytes } from '#vault/database/house-read.ts';
import type { Reader } from '#vault/database/reader.ts';

/** Upper ends of all answers but the last. */
const USERS = [1, 5, 25, 100, 500] as const;
const LETTERS = [999, 9_999, 99_999, 999_999, 9_999_999] as const;
const MEGABYTE = 1_000_000;

export interface HouseFacts {
  readonly users: number;
  readonly letters: number;
  readonly usedBytes: number;
  /** Of /etc/os-release; empty where there is none. */
  readonly osRelease: string;
  readonly platform: string;
  readonly isDatabaseOwn: boolean;
  readonly use: 'demo' | 'trial' | 'real';
  readonly hasDocuments: boolean;
  readonly hasSecondPlace: boolean;
  /** "0.1.0" */
  readonly version: string;
}

/** Every question has its answer here; a house without mailboxes yet has no size of one. */
export function answersOf(facts: HouseFacts): ReadonlyMap<string, number> {
  const found: Readonly<Record<QuestionId, number | undefined>> = {
    users: bucketOf(Math.max(1, facts.users), USERS),
    letters: bucketOf(facts.letters, LETTERS),
    'mailbox-size': facts.users === 0 ? undefined : sizeBucket(facts.usedBytes / facts.users / MEGABYTE),
    system: systemOf(facts),
    database: facts.isDatabaseOwn ? 1 : 0,
    use: { demo: 0, trial: 1, real: 2 }[facts.use],
    rooms: (facts.hasDocuments ? 1 : 0) + (facts.hasSecondPlace ? 2 : 0),
    version: versionOf(facts.version),
  };
  const answers = new Map<string, number>();
  for (const { id, buckets } of questions) {
    const answer = found[id];
    if (answer === undefined) continue;
    assert(answer < buckets.length, 'an answer that the question has');
    answers.set(id, answer);
  }
  return answers;
}

export interface MeasureParts {
  readonly config: Pick<Config, 'databaseUrl' | 'transit' | 'secondPlace'>;
  readonly reader: Reader;
  readonly countAccounts: () => number;
  readonly use: () => HouseFacts['use'];
  readonly version: string;
}

/** Rejects while the database is away: then nothing is answered. */
export async function measureHouse(parts: MeasureParts): Promise<ReadonlyMap<string, number>> {
  const { config, reader } = parts;
  const [letters, used, osRelease] = await Promise.all([
    countLetters(reader),
    readUsedBytes(reader),
    readFile('/etc/os-release', 'utf8').catch(() => ''),
  ]);
  return answersOf({
    users: parts.countAccounts(),
    letters,
    usedBytes: used.reduce((sum, { usedBytes }) => sum + usedBytes, 0),
    osRelease,
    platform: process.platform,
    isDatabaseOwn: config.databaseUrl !== undefined,
    use: parts.use(),
    hasDocuments: config.transit,
    hasSecondPlace: config.secondPlace !== undefined,
    version: parts.version,
  });
}

function bucketOf(value: number, upperEnds: readonly number[]): number {
  const found = upperEnds.findIndex((end) => value <= end);
  return found === -1 ? upperEnds.length : found;
}

function sizeBucket(megabytes: number): number {
  return MAILBOX_BOUNDS_MB.findLastIndex((bound) => megabytes >= bound);
}

/** By ID and ID_LIKE of os-release(5). */
function systemOf({ osRelease, platform }: HouseFacts): number {
  if (platform === 'darwin' || platform.endsWith('bsd')) return 4;
  if (platform !== 'linux') return 5;
  const named = [...osRelease.matchAll(/^(?:ID|ID_LIKE)=["']?([^"'\n]*)/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  );
  const isOne = (...names: readonly string[]): boolean => names.some((name) => named.includes(name));
  if (isOne('debian', 'ubuntu')) return 0;
  if (isOne('fedora', 'rhel', 'centos', 'suse', 'opensuse')) return 1;
  return isOne('alpine') ? 2 : 3;
}

/** 0.1 to 0.4, then all later ones. */
function versionOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 0 && minor >= 1 && minor <= 4 ? minor - 1 : 4;
}
