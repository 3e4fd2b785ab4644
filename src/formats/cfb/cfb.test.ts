// Compound files: what is written is read, by whatever size; what loops, lies or is torn is refused in time.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limits } from '#base/limits.ts';
import { type CfbNode, type CfbStorage, CHAIN_END, ENTRY_BYTES, findStorage, findStream } from './cfb-tree.ts';
import { hasRootStream, readCfb } from './read-cfb.ts';
import { writeCfb } from './write-cfb.ts';

function stream(name: string, size: number): CfbNode {
  return { kind: 'stream', name, bytes: Uint8Array.from({ length: size }, (_, at) => (at * 7 + size) & 0xff) };
}

function storage(name: string, children: readonly CfbNode[], head = new Uint8Array(36)): CfbStorage {
  return { kind: 'storage', name, head, children };
}

function sorted(node: CfbNode): CfbNode {
  if (node.kind === 'stream') return node;
  return { ...node, children: node.children.map(sorted).toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

function written(root: CfbStorage): Uint8Array {
  return writeCfb(root);
}

/** The same tree comes back. */
function comesBack(root: CfbStorage): void {
  const read = readCfb(written(root));
  assert.ok(read.ok, 'refused');
  assert.deepEqual(sorted(read.value), sorted(root));
}

const SAMPLE = storage('Root Entry', [
  stream('klein', 100),
  stream('gross', 10_000),
  storage('innen', [
    stream('klein', 64),
    stream('leer', 0),
    storage('tiefer', [stream('x', 4_095), stream('y', 4_096)]),
  ]),
]);

test('what is written is read: small, large and empty streams, storages in one another, their class and times', () => {
  comesBack(SAMPLE);
  comesBack(storage('Root Entry', []));
  comesBack(storage('Root Entry', [storage('a', [], new Uint8Array(36).fill(7))], new Uint8Array(36).fill(9)));
  comesBack(
    storage(
      'Root Entry',
      Array.from({ length: 700 }, (_, at) => stream(`n${at}`, at % 90)),
    ),
  );
});

test('a file too large for the places in its header is read: they go on elsewhere', () => {
  const large = Buffer.alloc(16 * 1024 * 1024, 'sehr lang ');
  const root = storage('Root Entry', [{ kind: 'stream', name: 'viel', bytes: large }, stream('klein', 10)]);
  const read = readCfb(written(root));
  assert.ok(read.ok);
  assert.ok(Buffer.from(findStream(read.value, 'viel') ?? []).equals(large));
  assert.equal(findStream(read.value, 'KLEIN')?.length, 10);
});

test('the directory alone says what lies at the root', () => {
  assert.deepEqual(hasRootStream(written(SAMPLE), 'gross'), { ok: true, value: true });
  assert.deepEqual(hasRootStream(written(SAMPLE), 'y'), { ok: true, value: false });
  assert.deepEqual(hasRootStream(written(SAMPLE), 'innen'), { ok: true, value: false }, 'a storage is no stream');
});

/** Offset of the directory, and of the table's place for a sector. */
function places(bytes: Uint8Array): { readonly directory: number; readonly table: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { directory: 512 * (view.getUint32(48, true) + 1), table: 512 * (view.getUint32(76, true) + 1) };
}

function changed(change: (view: DataView, at: ReturnType<typeof places>) => void): string {
  const bytes = written(SAMPLE).slice();
  change(new DataView(bytes.buffer), places(bytes));
  const read = readCfb(bytes);
  return read.ok ? 'read' : read.error.kind;
}

test('chains that loop, sectors used twice, sizes beyond their chains and trees that bite themselves are damage', () => {
  assert.equal(
    changed(() => undefined),
    'read',
  );
  // rows are numbered storage by storage: root, its three, those of the second
  const row = (at: { readonly directory: number }, index: number): number => at.directory + ENTRY_BYTES * index;
  assert.equal(
    changed((view, { table }) => view.setUint32(table, 0, true)),
    'damaged',
    'a chain that leads to itself',
  );
  assert.equal(
    changed((view, { table }) => view.setUint32(table, CHAIN_END, true)),
    'damaged',
    'a chain that ends too soon',
  );
  assert.equal(
    changed((view, { table }) => view.setUint32(table, 1_000_000, true)),
    'damaged',
    'a sector beyond the file',
  );
  for (const link of [68, 72, 76])
    assert.equal(
      changed((view, at) => view.setUint32(row(at, 1) + link, 1, true)),
      link === 76 ? 'read' : 'damaged', // a stream holds nothing, whatever it says
      `link ${link}`,
    );
  assert.equal(
    changed((view, at) => view.setUint32(row(at, 0) + 76, 0, true)),
    'damaged',
    'the root in the root',
  );
  assert.equal(
    changed((view, at) => view.setUint32(row(at, 1) + 120, 0x7fffffff, true)),
    'damaged',
    'a stream of two gigabytes',
  );
  assert.equal(
    changed((view) => view.setUint32(44, 0xffffffff, true)),
    'damaged',
    'a table of four thousand million sectors',
  );
  assert.equal(
    changed((view) => view.setUint32(68, 0, true)),
    'read',
    'places that nobody needs are not followed',
  );
  assert.equal(
    changed((view) => view.setUint16(30, 31, true)),
    'damaged',
    'sectors of two gigabytes',
  );
});

test('more storages in one another than anybody writes are refused', () => {
  let inner = storage('a', []);
  for (let depth = 0; depth < limits.transit.cfbDepthMax - 1; depth++) inner = storage('a', [inner]);
  assert.ok(readCfb(written(storage('Root Entry', [inner]))).ok);
  const read = readCfb(written(storage('Root Entry', [storage('a', [inner])])));
  assert.deepEqual(read, { ok: false, error: { kind: 'tooDeep' } });
});

test('a torn file is refused wherever it is torn', () => {
  const bytes = written(SAMPLE);
  for (let size = 0; size < bytes.length - 512; size += 97) assert.ok(!readCfb(bytes.subarray(0, size)).ok, `${size}`);
});

test('changed bytes are read or refused, never thrown', () => {
  const bytes = written(SAMPLE);
  assert.ok(findStorage(SAMPLE, 'innen') !== undefined);
  const property = fc.property(
    fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }),
    (changes) => {
      const copy = bytes.slice();
      for (const [at, byte] of changes) copy[at] = byte;
      const read = readCfb(copy);
      assert.ok(read.ok || ['damaged', 'tooDeep', 'tooManyEntries'].includes(read.error.kind));
    },
  );
  fc.assert(property, { numRuns: 500 });
});
