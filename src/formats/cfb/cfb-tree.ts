// What a compound file holds: a tree of storages and streams ([MS-CFB] §1.3).

export interface CfbStream {
  readonly kind: 'stream';
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface CfbStorage {
  readonly kind: 'storage';
  /** At most 31 UTF-16 units. */
  readonly name: string;
  /** Class, state bits and times as they stand in the directory: 36 bytes. */
  readonly head: Uint8Array;
  /** No two have one name. */
  readonly children: readonly CfbNode[];
}

export type CfbNode = CfbStream | CfbStorage;

export const CFB_MAGIC: readonly number[] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
export const HEAD_BYTES = 36;
export const HEADER_BYTES = 512;
export const ENTRY_BYTES = 128;
export const MINI_BYTES = 64;
/** Streams smaller than this lie in the stream of small ones. */
export const MINI_CUTOFF = 4_096;
/** How many places of the sector table the header itself names. */
export const HEADER_PLACES = 109;
export const FREE = 0xffffffff;
export const CHAIN_END = 0xfffffffe;
export const TABLE_SECTOR = 0xfffffffd;
export const PLACES_SECTOR = 0xfffffffc;
export const NO_ENTRY = 0xffffffff;
export const STORAGE_TYPE = 1;
export const STREAM_TYPE = 2;
export const ROOT_TYPE = 5;

export function findStream(storage: CfbStorage, name: string): Uint8Array | undefined {
  const wanted = name.toUpperCase();
  const found = storage.children.find((node) => node.kind === 'stream' && node.name.toUpperCase() === wanted);
  return found?.kind === 'stream' ? found.bytes : undefined;
}

export function findStorage(storage: CfbStorage, name: string): CfbStorage | undefined {
  const wanted = name.toUpperCase();
  const found = storage.children.find((node) => node.kind === 'storage' && node.name.toUpperCase() === wanted);
  return found?.kind === 'storage' ? found : undefined;
}
