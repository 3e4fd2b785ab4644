// Nothing may write this program's memory to a disk: each way is refused or warned about.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkStart, swapWarnings, thisMachine, type Machine } from './start-checks.ts';

function machine(files: Readonly<Record<string, string>>, flags: readonly string[] = []): Machine {
  return { flags, readFile: (path) => files[path] };
}

const quiet = { '/proc/self/limits': 'Max core file size        0                    unlimited            bytes' };

test('a machine that writes no memory to disk starts without a warning', () => {
  const checked = checkStart(machine(quiet));
  assert.ok(checked.ok);
  assert.deepEqual(checked.value.warnings, []);
});

test('core files are refused with what to do', () => {
  const limits = 'Max core file size        unlimited            unlimited            bytes';
  const checked = checkStart(machine({ '/proc/self/limits': limits }));
  assert.ok(!checked.ok && checked.error.kind === 'core-files');
  assert.match(checked.error.sentence, /ulimit -c 0/);
});

test('every flag that writes memory to a file or opens a debugger is refused by name', () => {
  const flags = [
    '--heapsnapshot-signal=SIGUSR2',
    '--heap-prof',
    '--cpu-prof',
    '--prof',
    '--report-on-signal',
    '--inspect=0',
  ];
  for (const flag of [...flags, '--report_on_fatalerror', '--heapsnapshot-near-heap-limit=1']) {
    const checked = checkStart(machine(quiet, [flag]));
    assert.ok(!checked.ok && checked.error.kind === 'runtime-flag', flag);
    assert.ok(checked.error.sentence.includes(flag.split('=')[0] ?? flag));
  }
  const checked = checkStart(
    machine(quiet, ['--disable-sigusr1', '--disable-warning=ExperimentalWarning', '--import=./x.ts']),
  );
  assert.ok(checked.ok);
});

test('swap on a disk is warned about; swap in memory and encrypted swap are not', () => {
  const head = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
  const swaps = `${head}/dev/sda2 partition 1 0 -2\n/dev/zram0 partition 1 0 5\n/dev/dm-1 partition 1 0 -3\n/swapfile file 1 0 -4\n`;
  const warnings = swapWarnings(machine({ '/proc/swaps': swaps, '/sys/block/dm-1/dm/uuid': 'CRYPT-LUKS2-x' }));
  assert.equal(warnings.length, 2);
  assert.match(warnings[0] ?? '', /\/dev\/sda2/);
  assert.match(warnings[1] ?? '', /\/swapfile/);
});

test('a crash handler that is not told the limit is warned about', () => {
  const loud = checkStart(machine({ ...quiet, '/proc/sys/kernel/core_pattern': '|/usr/bin/keep %p' }));
  assert.ok(loud.ok && loud.value.warnings.length === 1);
  const fine = checkStart(machine({ ...quiet, '/proc/sys/kernel/core_pattern': '|/usr/lib/dump %P %c' }));
  assert.ok(fine.ok && fine.value.warnings.length === 0);
});

test('this machine’s own files can be read', () => {
  assert.equal(thisMachine.readFile('/no/such/file'), undefined);
  checkStart();
});
