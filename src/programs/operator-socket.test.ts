// The operator's door over a real socket: questions, refusals, nonsense, and who may ask.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { silentLog } from '#base/log/log.ts';
import { err, ok } from '#base/result.ts';
import { operatorMethods, type OperatorHandlers } from './operator-methods.ts';
import { askOperator, serveOperator, type OperatorDoor } from './operator-socket.ts';

const scratch = mkdtempSync(join(tmpdir(), 'siegel-operator-'));
after(() => rmSync(scratch, { recursive: true }));
let folders = 0;
function newFolder(): string {
  const folder = join(scratch, String(++folders));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** What no test here asks. */
function unasked(): OperatorHandlers {
  const refuse = async () => err({ kind: 'unasked', sentence: 'Nobody asks that here.' });
  return Object.fromEntries(Object.keys(operatorMethods).map((name) => [name, refuse])) as unknown as OperatorHandlers;
}

const handlers: OperatorHandlers = {
  ...unasked(),
  status: async () => ok({ warnings: [], facts: { running: true } }),
  'invite.create': async ({ role }) => ok({ code: role, url: 'http://127.0.0.1/join' }),
  'address.alias': async () => err({ kind: 'taken', sentence: 'that address is taken.' }),
  'journal.verify': async (_, progress) => {
    for (let done = 0; done <= 3; done++) progress(done, 3);
    return ok({ records: 3, journals: 1, problems: [] });
  },
  'database.rebuild': () => Promise.reject(new Error('a secret of the letter')),
};

async function withDoor(folder: string, use: () => Promise<void>): Promise<void> {
  const door = await serveOperator(folder, handlers, silentLog);
  assert.ok(door.ok);
  const opened: OperatorDoor = door.value;
  try {
    await use();
  } finally {
    await opened.close();
  }
}

test('an answer of megabytes arrives whole', async () => {
  const folder = newFolder();
  const warnings = ['x'.repeat(5_000_000)];
  const door = await serveOperator(folder, { ...handlers, status: async () => ok({ warnings, facts: {} }) }, silentLog);
  assert.ok(door.ok);
  try {
    for (let time = 0; time < 5; time += 1) {
      const answer = await askOperator(folder, 'status', {});
      assert.equal(answer.ok && answer.value.warnings[0]?.length, 5_000_000);
    }
  } finally {
    await door.value.close();
  }
});

test('a question gets its answer, with progress on the way', async () => {
  const folder = newFolder();
  await withDoor(folder, async () => {
    assert.deepEqual(
      await askOperator(folder, 'invite.create', { role: 'member' }),
      ok({ code: 'member', url: 'http://127.0.0.1/join' }),
    );
    const heard: number[] = [];
    const verified = await askOperator(folder, 'journal.verify', {}, (done) => heard.push(done));
    assert.ok(verified.ok && verified.value.records === 3);
    assert.deepEqual(heard, [0, 1, 2, 3]);
  });
});

test('a refusal arrives with its sentence, a mistake of ours without its message', async () => {
  const folder = newFolder();
  await withDoor(folder, async () => {
    const taken = await askOperator(folder, 'address.alias', { address: 'a@b.c', owner: 'd@e.f' });
    assert.deepEqual(taken, err({ kind: 'taken', sentence: 'that address is taken.' }));
    const failed = await askOperator(folder, 'database.rebuild', { apply: true });
    assert.ok(!failed.ok && failed.error.kind === 'internal');
    assert.ok(!failed.error.sentence.includes('secret'));
  });
});

test('only the owner of the data folder may open the socket', async () => {
  const folder = newFolder();
  await withDoor(folder, async () => {
    assert.equal(statSync(join(folder, 'siegel.sock')).mode & 0o777, 0o600);
  });
});

test('a second program on the same folder is refused; a socket left by a killed one is not in the way', async () => {
  const folder = newFolder();
  await withDoor(folder, async () => {
    const second = await serveOperator(folder, handlers, silentLog);
    assert.ok(!second.ok && second.error.kind === 'already-running');
  });
  const path = join(folder, 'siegel.sock');
  const code = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', code]);
  assert.ok(statSync(path).isSocket(), 'the dead socket lies there');
  await withDoor(folder, async () => {
    assert.ok((await askOperator(folder, 'status', {})).ok);
  });
});

test('when nothing runs there the command says how to start it', async () => {
  const empty = await askOperator(newFolder(), 'status', {});
  assert.ok(!empty.ok && empty.error.kind === 'not-running');
  const missing = await askOperator(join(scratch, 'missing'), 'status', {});
  assert.ok(!missing.ok && missing.error.kind === 'not-running');
});

test('a data folder with a path longer than a socket name may be works as well', async () => {
  const folder = join(newFolder(), 'x'.repeat(120));
  mkdirSync(folder);
  await withDoor(folder, async () => {
    assert.ok((await askOperator(folder, 'status', {})).ok);
  });
});

test('nonsense, a wrong parameter or a line without end gets a refusal or a closed door, and the next question is answered', async () => {
  const folder = newFolder();
  await withDoor(folder, async () => {
    const path = join(folder, 'siegel.sock');
    const say = async (words: string): Promise<string> => {
      const socket = connect(path);
      socket.on('error', () => undefined);
      socket.write(words);
      return text(socket).catch(() => '');
    };
    assert.match(await say('{"method":"drop","params":{}}\n'), /unknown-method/);
    assert.match(await say('{"method":"toString","params":{}}\n'), /unknown-method/);
    assert.match(await say('{"method":"invite.create","params":{"role":"emperor"}}\n'), /bad-parameter.*role/);
    assert.equal(await say('no json\n'), '');
    assert.equal(await say('x'.repeat(200_000)), '');
    assert.ok((await askOperator(folder, 'status', {})).ok);
  });
});
