// Where generations lie below <data>/postgres, and which of them is the live one (decision 0015, "Places").

import { chown, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Owner } from '../../database/postgres/binaries.ts';
import { writeWhole } from '../../database/postgres/write-whole.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { removeGently } from './remove-gently.ts';

const NAME = /^gen-\d{4,6}$/;
const POINTER = 'current';
const FACTS = 'generation.json';

export type GenerationSource = 'empty' | 'backup' | 'journal' | 'adopted' | 'copy';

/** What must be in the journal as soon as this generation is the live one; written before the pointer moves, done again after a kill. */
const arrivalSchema = v.object({
  era: v.number(),
  reason: v.picklist(['restored', 'undone', 'rebuilt']),
  endsSessions: v.boolean(),
  lostTail: v.boolean(),
  /** Commands these rows leave out, and the change that wanted it (0: none did, they do not apply). */
  leftOut: v.array(v.object({ seq: v.number(), change: v.number() })),
});
export type Arrival = v.InferOutput<typeof arrivalSchema>;

export const factsSchema = v.object({
  name: v.pipe(v.string(), v.regex(NAME)),
  madeMs: v.number(),
  source: v.picklist(['empty', 'backup', 'journal', 'adopted', 'copy']),
  backupId: v.optional(v.string()),
  /** Empty until the cluster is there. */
  systemIdentifier: v.string(),
  /** False while it is being filled: after a kill it is nobody's and goes. */
  isReady: v.boolean(),
  arrival: v.optional(arrivalSchema),
  retiredMs: v.optional(v.number()),
  /** Why it was retired. */
  reason: v.optional(v.string()),
});
export type GenerationFacts = v.InferOutput<typeof factsSchema>;

export class Layout {
  /** <data>/postgres */
  readonly root: string;
  readonly #owner: Owner | undefined;
  #highest = 0;

  constructor(root: string, owner: Owner | undefined) {
    this.root = root;
    this.#owner = owner;
  }

  /** The live one's socket: the same path whichever it is. */
  get run(): string {
    return join(this.root, 'run');
  }

  /** Copies that restores begin from. */
  get points(): string {
    return join(this.root, 'points');
  }

  folder(name: string): string {
    return join(this.root, name);
  }

  cluster(name: string): string {
    return join(this.root, name, 'cluster');
  }

  /** A folder that PostgreSQL’s user may enter and nobody else. */
  async makeFolder(path: string): Promise<void> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (this.#owner !== undefined) await chown(path, this.#owner.uid, this.#owner.gid);
  }

  /** Undefined: no pointer, or one that names nothing. */
  async readPointer(): Promise<string | undefined> {
    const name = (await readFile(join(this.root, POINTER), 'utf8').catch(() => '')).trim();
    return NAME.test(name) ? name : undefined;
  }

  /** The one step that makes another generation the live one. */
  async writePointer(name: string): Promise<void> {
    await writeWhole(join(this.root, POINTER), `${name}\n`);
  }

  async readFacts(name: string): Promise<GenerationFacts | undefined> {
    const text = await readFile(join(this.folder(name), FACTS), 'utf8').catch(() => undefined);
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), factsSchema), text);
    return read.success && read.output.name === name ? read.output : undefined;
  }

  async writeFacts(facts: GenerationFacts): Promise<void> {
    await writeWhole(join(this.folder(facts.name), FACTS), `${JSON.stringify(facts)}\n`);
  }

  /** Names of all folders of generations, oldest first. */
  async names(): Promise<readonly string[]> {
    const names = await readdir(this.root).catch((): string[] => []);
    return names.filter((name) => NAME.test(name)).toSorted((a, b) => numberOf(a) - numberOf(b));
  }

  /** A name that no generation had while this program runs, nor one that is there. */
  async newName(): Promise<string> {
    const taken = [...(await this.names()), (await this.readPointer()) ?? 'gen-0000'].map(numberOf);
    this.#highest = Math.max(this.#highest, ...taken) + 1;
    return `gen-${String(this.#highest).padStart(4, '0')}`;
  }

  /** Gone at once by its name, then file by file. */
  async remove(name: string): Promise<void> {
    const aside = join(this.root, `.gone-${name}`);
    await rename(this.folder(name), aside).catch(() => undefined);
    await nodeDisk.syncDirectory(this.root).catch(() => undefined);
    await removeGently(aside);
  }

  /** What a kill left of removals. */
  async sweep(): Promise<void> {
    for (const name of await readdir(this.root).catch((): string[] => []))
      if (name.startsWith('.gone-')) await rm(join(this.root, name), { recursive: true, force: true });
  }

  async hasCluster(folder: string): Promise<boolean> {
    return stat(join(folder, 'PG_VERSION')).then(
      () => true,
      () => false,
    );
  }

  /** pg_control begins with it; empty when there is none. */
  async systemIdentifier(name: string): Promise<string> {
    const control = join(this.cluster(name), 'global', 'pg_control');
    const bytes = await readFile(control).catch(() => readFile(`${control}.fenced`).catch(() => undefined));
    return bytes === undefined || bytes.length < 8 ? '' : String(bytes.readBigUInt64LE(0));
  }
}

function numberOf(name: string): number {
  return Number(name.slice('gen-'.length));
}
