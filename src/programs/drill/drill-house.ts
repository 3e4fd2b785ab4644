// A scratch house of the drill: the program's own vault on a folder of its own, and the letters it acknowledged, which can be counted.

import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, type Clock } from '#base/clock.ts';
import { childEnvironment } from '#base/config/read.ts';
import { silentLog } from '#base/log/log.ts';
import { ok } from '#base/result.ts';
import { openDirectory } from '#vault/directory/open-directory.ts';
import type { Command } from '#vault/journal/commands.ts';
import type { KeyRecord } from '#vault/journal/journal.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import type { AccountId } from '#base/ids.ts';
import { beginHouse } from '../server/begin-house.ts';
import { openVault, type Vault } from '../server/open-vault.ts';
import { countLetters, type Count } from './count-letters.ts';
import { makeAccount, makeLetter, type DrillAccount, type KnownLetter } from './make-letters.ts';

export interface Machine {
  /** PostgreSQL’s programs. */
  readonly native: string;
}

export interface HouseFacts {
  readonly kit: KeyKit;
  readonly accounts: DrillAccount[];
  readonly letters: KnownLetter[];
}

export interface OpenOptions {
  readonly clock?: Clock;
  /** Names the build in every record. */
  readonly version?: string;
  /** A database of another house, for who mistakes it for his own. */
  readonly databaseUrl?: string;
}

const SIGN_UPS_AT_ONCE = 16;
const SETTLE_MS_MAX = 120_000;
const SYSTEM = { kind: 'system', id: new Uint8Array(16) } as const;

export class DrillHouse implements AsyncDisposable {
  readonly dataDir: string;
  readonly machine: Machine;
  readonly facts: HouseFacts;
  #vault: Vault | undefined;
  #clock: Clock = systemClock;

  constructor(dataDir: string, machine: Machine, facts: HouseFacts) {
    this.dataDir = dataDir;
    this.machine = machine;
    this.facts = facts;
  }

  get vault(): Vault {
    if (this.#vault === undefined) throw new Error('the house is closed');
    return this.#vault;
  }

  get clock(): Clock {
    return this.#clock;
  }

  get accounts(): readonly DrillAccount[] {
    return this.facts.accounts;
  }

  /** As the program does at its start; throws with its sentence where it refuses. */
  async open({ clock = systemClock, version = 'drill', databaseUrl }: OpenOptions = {}): Promise<this> {
    const { kit } = this.facts;
    mkdirSync(this.dataDir, { recursive: true, mode: 0o700 });
    const directory = await openDirectory(join(this.dataDir, 'directory.sqlite'), kit.instanceId);
    if (!directory.ok) throw new Error('Another program runs on this folder.');
    const opened = await openVault({
      dataDir: this.dataDir,
      kit,
      directory: directory.value,
      clock,
      log: silentLog,
      version,
      databaseUrl,
      owner: undefined,
      native: this.machine.native,
    });
    if (!opened.ok) throw new Error(opened.error.sentence);
    this.#clock = clock;
    this.#vault = opened.value;
    const begun = await beginHouse(opened.value, kit.instanceId, 'drill.example');
    if (!begun.ok) throw new Error(begun.error.sentence);
    return this;
  }

  async close(): Promise<void> {
    const vault = this.#vault;
    this.#vault = undefined;
    await vault?.[Symbol.asyncDispose]();
  }

  async reopen(options: OpenOptions = {}): Promise<this> {
    await this.close();
    return this.open(options);
  }

  async signUp(count: number): Promise<void> {
    const { accounts, kit } = this.facts;
    const at = accounts.length;
    const one = async (number: number): Promise<void> => {
      const { account, command } = makeAccount(`person${number}@drill.example`, kit.setups[0].id);
      await this.must(account.id, command);
      accounts.push(account);
    };
    for (let next = at; next < at + count; next += SIGN_UPS_AT_ONCE) {
      const numbers = Array.from({ length: Math.min(SIGN_UPS_AT_ONCE, at + count - next) }, (_, index) => next + index);
      await Promise.all(numbers.map(one));
    }
  }

  /** Keeps letters, one account after the other, and remembers them once they are acknowledged. */
  async receive(
    count: number,
    accounts: readonly DrillAccount[] = this.accounts,
    agoMs = 0,
  ): Promise<readonly KnownLetter[]> {
    const known = await this.keep(count, accounts, agoMs);
    await this.settle();
    return known;
  }

  /** The same without waiting for the rows, which may not be there. */
  async keep(
    count: number,
    accounts: readonly DrillAccount[] = this.accounts,
    agoMs = 0,
  ): Promise<readonly KnownLetter[]> {
    const { ledgerKey } = this.facts.kit;
    const made = Array.from({ length: count }, (_, index) => {
      const account = accounts[index % accounts.length];
      if (account === undefined) throw new Error('a letter for nobody');
      return makeLetter({ account, ledgerKey, receivedMs: this.#clock.nowMs() - agoMs });
    });
    await Promise.all(
      made.map(async ({ entry, known }) => {
        const kept = await this.vault.door.keepLetter(entry);
        if (!kept.ok) throw new Error(kept.error.kind);
        this.facts.letters.push(known);
      }),
    );
    return made.map(({ known }) => known);
  }

  /** Everything durable is in the rows, also where the database has to come back first. */
  async settle(): Promise<void> {
    const { door, journal } = this.vault;
    const untilMs = systemClock.monotonicMs() + SETTLE_MS_MAX;
    while (door.health.appliedSeq < journal.durableSeq) {
      if (systemClock.monotonicMs() > untilMs) throw new Error('the rows do not follow the journal');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async must(accountId: AccountId | undefined, command: Command): Promise<KeyRecord> {
    const done = await this.vault.door.commit<never>(accountId, SYSTEM, async () => ok(command));
    if (!done.ok) throw new Error(`${command.kind}: ${done.error.kind}`);
    return done.value.record;
  }

  count(): Promise<Count> {
    return countLetters(this.vault, this.facts.letters);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The house’s folder with all in it, once more; the house is closed meanwhile. */
export function copyHouse(from: DrillHouse, dataDir: string): DrillHouse {
  const { accounts, letters, kit } = from.facts;
  copyTree(from.dataDir, dataDir);
  return new DrillHouse(dataDir, from.machine, { kit, accounts: [...accounts], letters: [...letters] });
}

/** With owners and rights; where the disk can share blocks, nothing is copied. */
export function copyTree(from: string, to: string): void {
  const done = spawnSync('cp', ['-a', '--reflink=auto', from, to], { env: childEnvironment() });
  if (done.status !== 0) throw new Error(`a copy failed: ${done.stderr.toString().slice(0, 200)}`);
}
