// Files into sealed objects and back: cut into pieces, each stored once; nothing that comes back is believed before it was checked.

import { createHash, hash } from 'node:crypto';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { BackupKeys } from './backup-keys.ts';
import type { Manifest, ManifestFile, ManifestObject } from './manifest.ts';
import type { Place } from './place.ts';
import { objectName, openObject, sealObject } from './sealed-object.ts';

/** What a file is read from. `sizeBytes` of it are stored, however much more there is by then. */
export interface FileSource {
  readonly path: string;
  readonly sizeBytes: number;
  read(position: number, length: number): Promise<Buffer>;
}

export interface StoreOptions {
  readonly place: Place;
  readonly keys: BackupKeys;
  /** Objects of earlier backups at this place, by name. */
  readonly known: ReadonlyMap<string, ManifestObject>;
  /** Looks into each object that is there before it counts on it, and writes anew what does not open. */
  readonly isDistrustful: boolean;
}

/** The source holds fewer bytes than it said. */
export type StoreRefusal = { readonly kind: 'sourceShrank'; readonly path: string };

export class ObjectWriter {
  readonly #options: StoreOptions;
  readonly objects: Record<string, ManifestObject> = {};
  /** Bytes that had to be written, sealed. */
  writtenBytes = 0;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  async put(source: FileSource, onBytes: (bytes: number) => void): Promise<Result<ManifestFile, StoreRefusal>> {
    const { path, sizeBytes } = source;
    const digest = createHash('sha256');
    const objects: string[] = [];
    for (let at = 0; at < sizeBytes; at += limits.backup.pieceBytes) {
      const piece = await source.read(at, Math.min(limits.backup.pieceBytes, sizeBytes - at));
      if (piece.length < Math.min(limits.backup.pieceBytes, sizeBytes - at)) return err({ kind: 'sourceShrank', path });
      digest.update(piece);
      objects.push(await this.#putPiece(piece));
      onBytes(piece.length);
    }
    return ok({ path, bytes: sizeBytes, digest: digest.digest('hex'), objects });
  }

  async #putPiece(piece: Buffer): Promise<string> {
    const { place, keys } = this.#options;
    const name = objectName(keys.nameKey, piece);
    if (this.objects[name] !== undefined) return name;
    const there = await this.#findStored(name);
    if (there !== undefined) {
      this.objects[name] = there;
      return name;
    }
    const sealed = await sealObject(piece, [keys.recipient]);
    await place.write('objects', name, sealed);
    this.writtenBytes += sealed.length;
    this.objects[name] = { bytes: piece.length, sealedBytes: sealed.length, digest: digestOf(sealed) };
    return name;
  }

  /** What lies there under this name, if it can be counted on. */
  async #findStored(name: string): Promise<ManifestObject | undefined> {
    const { place, keys, known, isDistrustful } = this.#options;
    const sealedBytes = await place.size('objects', name);
    if (sealedBytes === undefined) return undefined;
    const before = known.get(name);
    if (before !== undefined && before.sealedBytes === sealedBytes && !isDistrustful) return before;
    const sealed = await place.read('objects', name);
    const content = sealed && (await openObject(sealed, keys));
    if (sealed === undefined || content === undefined || objectName(keys.nameKey, content) !== name) return undefined;
    return { bytes: content.length, sealedBytes: sealed.length, digest: digestOf(sealed) };
  }
}

/** What an object was when it was asked for: each is a reason not to use the backup. */
export type ObjectDamage = {
  readonly kind: 'objectMissing' | 'objectDamaged';
  readonly object: string;
  readonly path: string;
};

/** Yields a file’s pieces in order, each checked against manifest and name; ends with the check of the whole. */
export async function* readFilePieces(
  from: { readonly place: Place; readonly keys: BackupKeys },
  { objects }: Pick<Manifest, 'objects'>,
  file: ManifestFile,
): AsyncGenerator<Result<Buffer, ObjectDamage>> {
  const whole = createHash('sha256');
  for (const name of file.objects) {
    const damage = (kind: ObjectDamage['kind']) => err({ kind, object: name, path: file.path });
    const sealed = await from.place.read('objects', name);
    if (sealed === undefined) {
      yield damage('objectMissing');
      return;
    }
    const facts = objects[name];
    if (facts === undefined || sealed.length !== facts.sealedBytes || digestOf(sealed) !== facts.digest) {
      yield damage('objectDamaged');
      return;
    }
    const content = await openObject(sealed, from.keys);
    if (content?.length !== facts.bytes || objectName(from.keys.nameKey, content) !== name) {
      yield damage('objectDamaged');
      return;
    }
    whole.update(content);
    yield ok(content);
  }
  if (whole.digest('hex') !== file.digest) yield err({ kind: 'objectDamaged', object: '', path: file.path });
}

export function digestOf(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}
