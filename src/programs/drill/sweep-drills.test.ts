// A killed drill leaves its folder and its databases; the next one clears both away, and nothing that is somebody's.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DRILL_MARK, DRILL_PREFIX, newMark, sweepDrills, type DrillMark } from './sweep-drills.ts';

const scratch = mkdtempSync(join(tmpdir(), 'siegel-sweep-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

function leave(name: string, mark?: DrillMark): string {
  const path = join(scratch, name);
  mkdirSync(join(path, 'a1'), { recursive: true });
  if (mark !== undefined) writeFileSync(join(path, DRILL_MARK), JSON.stringify(mark));
  return path;
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('folders of drills whose process is gone go, with what still runs in them; the others stay', async () => {
  const killed = leave(`${DRILL_PREFIX}killed`, { kind: 'siegel drill', pid: await deadPid(), born: '1' });
  // its number was given to another process since
  leave(`${DRILL_PREFIX}reused`, { ...newMark(), born: '1' });
  leave(`${DRILL_PREFIX}running`, newMark());
  leave(`${DRILL_PREFIX}unmarked`);
  leave('somebody', { kind: 'siegel drill', pid: await deadPid(), born: '1' });
  const left = spawn('sleep', ['600'], { cwd: join(killed, 'a1'), stdio: 'ignore' });
  const elsewhere = spawn('sleep', ['600'], { cwd: scratch, stdio: 'ignore' });
  const ended = once(left, 'exit');
  assert.deepEqual((await sweepDrills(scratch)).toSorted(), [`${DRILL_PREFIX}killed`, `${DRILL_PREFIX}reused`]);
  await ended;
  assert.equal(elsewhere.exitCode ?? elsewhere.signalCode, null, 'who stands elsewhere is not touched');
  elsewhere.kill();
  const stayed = [`${DRILL_PREFIX}running`, `${DRILL_PREFIX}unmarked`, 'somebody'];
  assert.deepEqual(readdirSync(scratch).toSorted(), stayed);
});
