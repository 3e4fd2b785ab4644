// Backups in a folder: objects in 256 folders by their first two digits, each written beside, synced and then named.

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { isShelfName, PlaceProblem, type Place, type PlaceProblemKind, type Shelf, type Shelved } from './place.ts';

const BESIDE = '.writing-';

/** Makes the folder when it is not there; throws PlaceProblem. `name`: what people call it, where it is reached by another path. */
export async function openFolderPlace(folder: string, name = folder): Promise<Place> {
  const place = new FolderPlace(folder, name);
  await place.begin();
  return place;
}

/** Whether `folder` lies in `dataDir` or the other way round: a backup that goes down with what it is a copy of is none. */
export async function isInside(folder: string, dataDir: string): Promise<boolean> {
  const [a, b] = [`${await realest(folder)}${sep}`, `${await realest(dataDir)}${sep}`];
  return a.startsWith(b) || b.startsWith(a);
}

/** The real path, of as much of it as is there. */
async function realest(path: string): Promise<string> {
  const whole = resolve(path);
  try {
    return await realpath(whole);
  } catch {
    const parent = dirname(whole);
    return parent === whole ? whole : join(await realest(parent), whole.slice(parent.length));
  }
}

class FolderPlace implements Place {
  readonly name: string;
  readonly #folder: string;

  constructor(folder: string, name: string) {
    this.name = name;
    this.#folder = folder;
  }

  async begin(): Promise<void> {
    await this.#try(async () => {
      for (const shelf of ['objects', 'bodies', 'backups'] as const)
        await mkdir(join(this.#folder, shelf), { recursive: true, mode: 0o700 });
    });
  }

  list(shelf: Shelf): Promise<readonly Shelved[]> {
    return this.#try(async () => {
      const found: Shelved[] = [];
      const folders = shelf === 'backups' ? [''] : await readdir(join(this.#folder, shelf));
      for (const folder of folders) {
        const path = join(this.#folder, shelf, folder);
        for (const name of await readdir(path).catch(() => [])) {
          const facts = isShelfName(shelf, name) ? await stat(join(path, name)).catch(() => undefined) : undefined;
          if (facts?.isFile()) found.push({ name, bytes: facts.size, writtenMs: facts.mtimeMs });
        }
      }
      return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    });
  }

  size(shelf: Shelf, name: string): Promise<number | undefined> {
    return this.#try(async () => (await stat(this.#path(shelf, name)).catch(unlessMissing))?.size);
  }

  read(shelf: Shelf, name: string): Promise<Buffer | undefined> {
    return this.#try(async () => readFile(this.#path(shelf, name)).catch(unlessMissing));
  }

  write(shelf: Shelf, name: string, bytes: Uint8Array): Promise<void> {
    return this.#try(async () => {
      const path = this.#path(shelf, name);
      const folder = dirname(path);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const beside = join(folder, `${BESIDE}${randomBytes(6).toString('hex')}`);
      try {
        await writeSynced(beside, bytes);
        await rename(beside, path);
      } catch (cause) {
        await rm(beside, { force: true });
        throw cause;
      }
      await syncFolder(folder);
    });
  }

  remove(shelf: Shelf, name: string): Promise<void> {
    return this.#try(() => rm(this.#path(shelf, name), { force: true }));
  }

  sweep(beforeMs: number): Promise<void> {
    return this.#try(async () => {
      const folders = await readdir(join(this.#folder, 'objects')).catch(() => []);
      for (const folder of ['backups', ...folders.map((name) => join('objects', name))]) {
        const path = join(this.#folder, folder);
        for (const name of (await readdir(path).catch(() => [])).filter((one) => one.startsWith(BESIDE))) {
          const facts = await stat(join(path, name)).catch(() => undefined);
          if (facts !== undefined && facts.mtimeMs < beforeMs) await rm(join(path, name), { force: true });
        }
      }
    });
  }

  #path(shelf: Shelf, name: string): string {
    if (!isShelfName(shelf, name)) throw new Error('not a name of that shelf');
    return shelf === 'backups' ? join(this.#folder, shelf, name) : join(this.#folder, shelf, name.slice(0, 2), name);
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      const code = codeOf(cause);
      if (code === undefined) throw cause;
      throw new PlaceProblem(kindOf(code), this.name, code);
    }
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  await file.writeFile(bytes);
  await file.sync();
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  await folder.sync();
}

function unlessMissing(cause: unknown): undefined {
  if (codeOf(cause) === 'ENOENT') return undefined;
  throw cause;
}

function codeOf(cause: unknown): string | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

function kindOf(code: string): PlaceProblemKind {
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)) return 'placeFull';
  return ['EACCES', 'EPERM', 'EROFS'].includes(code) ? 'placeForbidden' : 'placeUnreachable';
}
