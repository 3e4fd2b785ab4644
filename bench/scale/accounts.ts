// 250,000 accounts in one house against the same house without them: start, memory, intake and login, paired.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDnsServer } from '../../test/fakes/dns-server.ts';
import { makeSigningDomain } from '../../test/fakes/signed-letters.ts';
import { startProgram, type RunningProgram } from '../../test/running-program.ts';
import { median, medianRatio, round } from '../figures.ts';
import { baseOrder, deliver, makeLetters } from '../intake.ts';
import { personAddress } from '../seed-journal.ts';
import { makeHouses, memoryOf, type Houses } from './houses.ts';
import { startsPerSecond, timeLogin } from './logins.ts';
import type { Person } from './people.ts';

const DOMAIN = 'siegel.test';
const CONNECTIONS = 32;
const LETTERS_A_ROUND = 2_000;
const LETTERS_TO_WARM = 600;
const LOGINS_A_ROUND = 10;
const STRANGERS = 5_000;
const READY_WAIT_MS = 30 * 60_000;

export interface AccountsOrder {
  readonly accounts: number;
  readonly rounds: number;
  readonly note: (text: string) => void;
}

/** Ratios are of times, full ÷ empty, median over the rounds: 1.25 means a quarter slower. */
export async function measureAccounts({ accounts, rounds, note }: AccountsOrder): Promise<Record<string, unknown>> {
  const signer = makeSigningDomain('sender.example');
  const dns = await startDnsServer(signer.zone);
  const wire = await makeLetters(signer, 400);
  const directory = await mkdtemp(join(tmpdir(), 'siegel-scale-'));
  const env = {
    SIEGEL_DNS: `127.0.0.1:${dns.port}`,
    SIEGEL_TRUSTED_NETWORKS: '',
    SIEGEL_DOMAIN: DOMAIN,
    SIEGEL_LOG: 'error',
  };
  const started: RunningProgram[] = [];
  const start = async (name: string): Promise<RunningProgram> => {
    const program = await startProgram({ env, directory: join(directory, name), readyWaitMs: READY_WAIT_MS });
    started.push(program);
    return program;
  };
  try {
    const houses = await makeHouses({ accounts, domain: DOMAIN, directory, start, note });
    const figures = await runRounds({ houses, rounds, wire, note });
    const { empty, full, people, facts } = houses;
    const memoryAfter = { empty: await memoryOf(empty.program.pid), full: await memoryOf(full.program.pid) };
    return { accounts, signedUp: people.length, rounds, ...facts, memoryAfter, ...figures };
  } finally {
    for (const program of started) await program.stop();
    await dns.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

interface RoundsOrder {
  readonly houses: Houses;
  readonly rounds: number;
  readonly wire: readonly Uint8Array[];
  readonly note: (text: string) => void;
}

async function runRounds({ houses, rounds, wire, note }: RoundsOrder): Promise<Record<string, unknown>> {
  const { people, seeded, empty, full } = houses;
  const values = new Map<string, number[]>();
  const add = (name: string, value: number): void => void values.set(name, [...(values.get(name) ?? []), value]);
  const real = people.map(({ address }) => address);
  const strangers = Array.from({ length: Math.min(STRANGERS, seeded) }, (_, n) =>
    personAddress(Math.floor((n * seeded) / Math.min(STRANGERS, seeded)), DOMAIN),
  );
  const send = async (program: RunningProgram, recipients: readonly string[], letters: number): Promise<number> => {
    const order = { ...baseOrder(wire, recipients), target: program.smtpPort, protocol: 'smtp' } as const;
    const figures = await deliver(program, { ...order, connections: CONNECTIONS, letters });
    if (figures.sent !== letters) throw new Error(`${letters - figures.sent} letters were refused`);
    return 1000 / figures.wholePerSecond;
  };
  for (const { program } of [empty, full]) await send(program, real, LETTERS_TO_WARM);
  for (let n = 0; n < rounds; n++) {
    const pair = [
      ['empty', empty.program],
      ['full', full.program],
    ] as const;
    for (const [name, program] of n % 2 === 0 ? pair : pair.toReversed()) {
      add(`${name}Letter`, await send(program, real, LETTERS_A_ROUND));
      await addLogins(program, turn(people, n), (what, value) => add(`${name}${what}`, value));
    }
    add('fullLetterToStrangers', await send(full.program, strangers, LETTERS_A_ROUND));
    note(
      `round ${n + 1}: ${[...values].map(([name, list]) => `${name} ${round(list.at(-1) ?? 0)}`).join(', ')} (ms each)`,
    );
  }
  const of = (name: string): readonly number[] => values.get(name) ?? [];
  return {
    ratioIntake: medianRatio(of('fullLetter'), of('emptyLetter')),
    ratioIntakeToStrangers: medianRatio(of('fullLetterToStrangers'), of('emptyLetter')),
    ratioLogin: medianRatio(of('fullLogin'), of('emptyLogin')),
    ratioLoginStarts: medianRatio(of('fullLoginStart'), of('emptyLoginStart')),
    perSecond32: {
      empty: Math.round(1000 / median(of('emptyLetter'))),
      full: Math.round(1000 / median(of('fullLetter'))),
    },
    loginMs: { empty: round(median(of('emptyLogin'))), full: round(median(of('fullLogin'))) },
    loginStartsPerSecond: {
      empty: Math.round(1000 / median(of('emptyLoginStart'))),
      full: Math.round(1000 / median(of('fullLoginStart'))),
    },
  };
}

/** Other people in each round, so that nobody's row is always warm. */
function turn(people: readonly Person[], round: number): readonly Person[] {
  return Array.from({ length: people.length }, (_, n) => people[(n + round * LOGINS_A_ROUND) % people.length]).filter(
    (person) => person !== undefined,
  );
}

async function addLogins(
  program: RunningProgram,
  people: readonly Person[],
  add: (what: string, valueMs: number) => void,
): Promise<void> {
  const times: number[] = [];
  for (const person of people.slice(0, LOGINS_A_ROUND)) times.push(await timeLogin(program.url, person));
  add('Login', median(times));
  add('LoginStart', 1000 / (await startsPerSecond(program.url, people)));
}
