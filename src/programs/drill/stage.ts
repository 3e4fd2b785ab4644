// What a replay plays on: copies of houses that are filled once, each attempt in a folder of its own.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeKeyKit } from '#vault/keykit/key-kit.ts';
import { mustBackUp } from './drill-backups.ts';
import { copyHouse, copyTree, DrillHouse, type Machine } from './drill-house.ts';
import type { Scale, Stage } from './replay.ts';

const AGED_MS = 48 * 3_600_000;

export class Stages implements AsyncDisposable {
  readonly #folder: string;
  readonly #machine: Machine;
  readonly #scale: Scale;
  readonly #models = new Map<string, Promise<DrillHouse>>();
  #nightly: Promise<string> | undefined;
  #count = 0;

  constructor(folder: string, machine: Machine, scale: Scale) {
    this.#folder = folder;
    this.#machine = machine;
    this.#scale = scale;
  }

  /** Runs an attempt on a stage of its own and clears it away. */
  async play<T>(work: (stage: Stage) => Promise<T>): Promise<T> {
    const folder = join(this.#folder, `a${++this.#count}`);
    mkdirSync(folder, { mode: 0o755 });
    await using open = new AsyncDisposableStack();
    open.defer(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
    const enter = async (name: string): Promise<DrillHouse> => {
      const house = copyHouse(await this.#model(name), join(folder, name));
      open.use(house);
      return house.open();
    };
    return await work({
      scale: this.#scale,
      machine: this.#machine,
      folder,
      house: () => enter('own'),
      otherHouse: () => enter('other'),
      nightly: async () => {
        copyTree(await (this.#nightly ??= this.#takeNightly()), join(folder, 'nightly'));
        return join(folder, 'nightly');
      },
    });
  }

  /** Half of its letters came two days ago. Filled once, whoever asks first. */
  #model(name: string): Promise<DrillHouse> {
    const known = this.#models.get(name) ?? this.#fill(join(this.#folder, `model-${name}`));
    this.#models.set(name, known);
    return known;
  }

  async #fill(dataDir: string): Promise<DrillHouse> {
    const facts = { kit: await makeKeyKit(Date.now()), accounts: [], letters: [] };
    const house = await new DrillHouse(dataDir, this.#machine, facts).open();
    const { accounts, letters } = this.#scale;
    await house.signUp(accounts);
    await house.receive(letters >> 1, house.accounts, AGED_MS);
    await house.receive(letters - (letters >> 1));
    await house.close();
    return house;
  }

  /** Taken once, of a copy of the filled house: every other copy goes on from there. */
  async #takeNightly(): Promise<string> {
    const placeDir = join(this.#folder, 'nightly');
    await using house = copyHouse(await this.#model('own'), join(this.#folder, 'model-nightly'));
    await mustBackUp(await house.open(), { placeDir });
    return placeDir;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of readdirSync(this.#folder))
      if (/^(?:model-|nightly$)/.test(name))
        rmSync(join(this.#folder, name), { recursive: true, force: true, maxRetries: 5 });
  }
}
