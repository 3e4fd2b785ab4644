// An Office document through the real room, killed in the middle of its conversion: nothing is written but in the converter's own memory, no process stays, no word of it is on the disk.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { officeFolder } from '../../src/programs/transit/office-folder.ts';
import { docx } from '../papers/sample-office.ts';
import { documentLetter, openAlone, sendLetter } from '../transit/alone.ts';
import { converters, stillConverting } from '../transit/converters.ts';
import { openedResult } from '../transit/opened-result.ts';
import { changedSince, holdsAny, wholeMachine } from '../transit/raw-disk.ts';
import { straceMissing, traceWrites } from '../transit/trace-writes.ts';

const isReady = officeFolder() !== undefined && existsSync('/usr/bin/bwrap');
const skip = (isReady ? undefined : 'LibreOffice or bubblewrap is not installed') ?? straceMissing() ?? false;
const MARK = 'Kennwort-das-sonst-niemand-hat';
/** On the machine there is no such folder. */
const INSIDE = /["<]\/inside[/>"]/;

test(
  'only inside its own memory file system is anything written, and nothing stays when the room is killed',
  { skip },
  async (t) => {
    assert.ok(!existsSync('/inside'));
    const scratch = await mkdtemp(join(tmpdir(), 'siegel-changed-'));
    t.after(() => rm(scratch, { recursive: true, force: true }));
    const stamp = join(scratch, 'stamp');
    await writeFile(stamp, '');
    await wait(20);
    await using alone = await openAlone(['--real']);
    const check = (await (await fetch(`${alone.ready.httpUrl}/transit/self-check`)).json()) as { office?: object };
    assert.deepEqual(Object.keys(check.office ?? {}), ['version']);
    const door = (await (await fetch(`${alone.ready.httpUrl}/transit/door`)).json()) as { hasOffice: boolean };
    assert.equal(door.hasOffice, true);
    const letter = documentLetter({ id: 'office', words: '', picture: docx([[MARK], ['Zwei']]) }).replace(
      'a.png',
      'a.docx',
    );
    const { roomPid } = alone.ready;
    assert.ok(roomPid !== undefined);
    const trace = await traceWrites([alone.ready.pid, roomPid], join(alone.folder, 'trace'), INSIDE);
    const first = sendLetter(alone.ready.smtpPort, letter);
    let seen: readonly string[] = [];
    for (let tries = 0; tries < 2_400 && seen.length === 0; tries++) {
      seen = converters();
      if (seen.length === 0) await wait(25);
    }
    assert.notEqual(seen.length, 0, 'control: it is seen while it runs');
    process.kill(roomPid, 'SIGKILL');
    await first;
    for (let tries = 0; tries < 100 && stillConverting(seen).length > 0; tries++) await wait(50);
    assert.deepEqual([stillConverting(seen), converters()], [[], []]);
    let reply = '';
    for (let tries = 0; tries < 80 && !reply.startsWith('250'); tries++) {
      reply = await sendLetter(alone.ready.smtpPort, letter);
      if (!reply.startsWith('250')) await wait(300);
    }
    assert.match(reply, /^250/, alone.said());
    const said = openedResult(alone.sink.taken[0]?.plainText ?? '').toString('latin1');
    assert.match(said, /01_a\.pdf/);
    assert.match(said, /Converted by LibreOffice|Von LibreOffice umgewandelt/);
    assert.deepEqual(await trace.stop(), []);
    const traced = readTrace(join(alone.folder, 'trace'));
    assert.ok(
      traced.some((line) => INSIDE.test(line) && line.includes('O_CREAT')),
      'control: its own writes are seen',
    );
    const changed = changedSince(stamp, wholeMachine(['/dev/shm', '/run', tmpdir(), '/var/tmp']));
    assert.ok(changed.length > 0);
    assert.deepEqual(
      changed.filter((path) => holdsAny(path, [MARK, Buffer.from(MARK, 'utf16le').toString('latin1')])),
      [],
    );
  },
);

function readTrace(path: string): readonly string[] {
  return readFileSync(path, 'utf8').split('\n');
}
