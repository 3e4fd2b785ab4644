// Each thing that could let plaintext outlive its work is found, keeps the room shut, says what to do, and is let pass only by its name.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayStart, selfCheckDigest, type FindingKind } from '#post/transit/report/self-check.ts';
import { checkMachine, type Surroundings } from './self-check.ts';

const files: Readonly<Record<string, string>> = {
  '/proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n',
  '/proc/self/limits':
    'Limit  Soft Limit  Hard Limit  Units\nMax core file size        0                    0                    bytes\n',
  '/proc/sys/kernel/core_pattern': 'core\n',
};

function machine(change: Partial<Surroundings> = {}, changed: Readonly<Record<string, string>> = {}): Surroundings {
  return {
    flags: ['--permission'],
    temporaryFolder: '/nonexistent',
    isInMemory: () => undefined,
    readFile: (path) => changed[path] ?? files[path],
    compileCache: undefined,
    ...change,
  };
}

test('a machine that keeps nothing may start', () => {
  const check = checkMachine(machine(), [], 1);
  assert.equal(mayStart(check), true);
  assert.ok(check.findings.every(({ isMet, whatToDo }) => isMet && whatToDo === ''));
});

const bad: readonly (readonly [kind: FindingKind, what: string, around: Surroundings])[] = [
  ['swap', 'swap on a disk', machine({}, { '/proc/swaps': 'Filename\n/dev/sda2 partition 1 0 -2\n' })],
  [
    'cores',
    'a soft limit of 0 that can be raised',
    machine({}, { '/proc/self/limits': 'Max core file size  0  unlimited  bytes\n' }),
  ],
  [
    'cores',
    'core files without a limit',
    machine({}, { '/proc/self/limits': 'Max core file size  unlimited  unlimited  bytes\n' }),
  ],
  [
    'piped-cores',
    'crashes handed to a program',
    machine({}, { '/proc/sys/kernel/core_pattern': '|/usr/lib/systemd/systemd-coredump %P %c\n' }),
  ],
  ['temporary-folder', 'temporary files on a disk', machine({ temporaryFolder: '/tmp', isInMemory: () => false })],
  ['runtime-flags', 'heap snapshots', machine({ flags: ['--heapsnapshot-signal=SIGUSR2'] })],
  ['runtime-flags', 'reports of crashes', machine({ flags: ['--report-on-fatalerror'] })],
  ['runtime-flags', 'a profile', machine({ flags: ['--prof'] })],
  ['cache', 'a cache on a disk', machine({ compileCache: '/var/cache/x' })],
];

for (const [kind, what, around] of bad)
  test(`${what} keeps the room shut, unless it is accepted by name`, () => {
    const refused = checkMachine(around, [], 1);
    assert.deepEqual(
      refused.findings.filter(({ isMet }) => !isMet).map((finding) => finding.kind),
      [kind],
    );
    assert.equal(mayStart(refused), false);
    assert.ok(refused.findings.every(({ isMet, whatToDo }) => isMet || whatToDo.length > 10));
    const others = bad.map(([other]) => other).filter((other) => other !== kind);
    assert.equal(mayStart(checkMachine(around, others, 1)), false);
    const accepted = checkMachine(around, [kind], 1);
    assert.equal(mayStart(accepted), true);
    assert.notEqual(selfCheckDigest(accepted), selfCheckDigest(refused));
  });

test('swap in memory, encrypted swap and temporary files in memory are harmless', () => {
  const encrypted = {
    '/proc/swaps': 'Filename\n/dev/dm-1 partition 1 0 -2\n/dev/zram0 partition 1 0 -2\n',
    '/sys/block/dm-1/dm/uuid': 'CRYPT-PLAIN-swap\n',
  };
  assert.equal(mayStart(checkMachine(machine({ isInMemory: () => true }, encrypted), [], 1)), true);
});
