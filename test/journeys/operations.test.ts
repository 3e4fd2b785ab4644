// docs/guide/operations.md, command by command, in a house as it runs: the procedure that people sign works as it is written.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { projectDir, startProgram, type RunningProgram } from '../running-program.ts';

const PAGE = join(projectDir, 'docs/guide/operations.md');
const PASSPHRASE = 'seven wet stones under the bridge';
/** What takes minutes has a test of its own. */
const ELSEWHERE = new Set(['./siegel drill']);
const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;

let scratch = '';
let program: RunningProgram;

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'siegel-operations-'));
  program = await startProgram({
    env: { SIEGEL_DOMAIN: 'example.org', SIEGEL_BACKUP_DIR: join(scratch, 'backup'), SIEGEL_BACKUP_AT: 'none' },
  });
  await program.signUp('kaya', 'a long password for tests');
  for (let count = 0; count < 3; count += 1) await program.siegel(['try', 'letter']);
  const home = join(scratch, 'home');
  await mkdir(join(home, '.ssh'), { recursive: true });
  if (hasSshKeygen) spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(home, '.ssh/id_ed25519')]);
  await mkdir(join(scratch, 'docs/guide'), { recursive: true });
  await cp(PAGE, join(scratch, 'docs/guide/operations.md'));
  await writeFile(join(scratch, 'siegel'), `#!/bin/sh\nexec '${join(projectDir, 'siegel')}' "$@"\n`);
  await chmod(join(scratch, 'siegel'), 0o755);
  await writeFile(
    join(scratch, 'add-weight.sql'),
    'ALTER TABLE letter ADD COLUMN weight integer; UPDATE letter SET weight = size_bytes / 1000;',
  );
});
after(async () => {
  await program.stop();
  await rm(scratch, { recursive: true, force: true });
});

async function commandsOf(page: string): Promise<readonly string[]> {
  const blocks = [...(await readFile(page, 'utf8')).matchAll(/```sh\n([\s\S]*?)```/g)];
  return blocks.flatMap(([, block = '']) => block.split('\n').filter((line) => line !== ''));
}

/** On the paths of this test instead of those of a real machine. */
function run(line: string): Promise<{ readonly code: number; readonly said: string }> {
  const here = line
    .replaceAll('/mnt/backup', join(scratch, 'backup'))
    .replaceAll('/var/lib/siegel-again', join(scratch, 'again'));
  const env = { ...program.env, HOME: join(scratch, 'home'), SIEGEL_DATA_DIR: program.dataDir };
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', here], { cwd: scratch, env, stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(line.includes('--passphrase-stdin') ? `${PASSPHRASE}\n` : '');
    child.once('close', (code) => resolve({ code: code ?? 1, said }));
  });
}

test(
  'every command of the procedure does what it says, in the order of the page',
  { skip: !hasSshKeygen },
  async (t) => {
    const commands = await commandsOf(PAGE);
    assert.ok(commands.length > 40, `${commands.length} commands`);
    for (const line of commands) {
      if (ELSEWHERE.has(line)) continue;
      await t.test(line, async () => {
        const { code, said } = await run(line);
        assert.equal(code, 0, `${said}\n${program.output().slice(-2_000)}`);
      });
    }
  },
);

test('the page names no command that is not run', async () => {
  const text = await readFile(PAGE, 'utf8');
  const known = (await commandsOf(PAGE)).join('\n');
  // words in a sentence are the beginning of a command that stands in a block
  for (const [, words = ''] of text.matchAll(/`siegel ([a-z]+(?: [a-z]+)?)`/g))
    assert.ok(known.includes(`./siegel ${words}`), `siegel ${words}`);
});
