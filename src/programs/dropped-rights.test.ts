// Started by root with the checkout and the data behind doors that only root opens, everything still runs as an ordinary user.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { programDir } from '#base/config/read.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { fillTemplate, makePerson, signAs } from '#office/desk/policy/test-policy.ts';
import { chooseIdentity, findUser } from './drop-privileges.ts';
import { prepareFolder } from './folders.ts';

const isRoot = process.getuid?.() === 0;
const skip = isRoot ? false : 'only root can drop rights';
const scratch = mkdtempSync(join(tmpdir(), 'siegel-rights-'));
chmodSync(scratch, 0o755);
const cache = '/var/cache/siegel';
const hadCache = existsSync(cache);
after(() => {
  rmSync(scratch, { recursive: true, force: true });
  if (isRoot && !hadCache) rmSync(cache, { recursive: true, force: true });
});
const nobody = findUser('nobody');

/** What the probe does after dropping its rights: read itself, start a thread, keep a file, run the database. */
const PROBE = `
import { readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { silentLog } from '#base/log/log.ts';
import { prepareBinaries } from '#vault/database/postgres/binaries.ts';
import { superviseDatabase } from '#vault/database/postgres/supervise.ts';
import { carryWorker } from './carried-worker.ts';
import { becomeUser, chooseIdentity } from './drop-privileges.ts';
import { prepareFolder } from './folders.ts';
const [, self = '', data = '', copies = ''] = process.argv;
const { identity } = chooseIdentity('nobody').value;
const folder = prepareFolder(data, identity).value;
const binaries = prepareBinaries([copies], identity).value;
const startWorker = await carryWorker(new URL('./probe-worker.ts', import.meta.url));
const { Client } = await import('pg');
becomeUser(identity);
const attempt = (work) => { try { work(); return 'allowed'; } catch (cause) { return cause.code; } };
const worker = startWorker({ workerData: folder });
const [fromWorker] = await once(worker, 'message');
writeFileSync(folder + '/kept', 'kept');
const started = await superviseDatabase({ native: binaries.native, folder: folder + '/postgres' }, silentLog);
const client = new Client(started.value.connection);
await client.connect();
const { rows } = await client.query('SELECT 1 AS one');
await client.end();
const fell = new Promise((resolve) => started.value.onChange((isUp) => isUp && resolve()));
process.kill(started.value.pid(), 'SIGKILL');
await fell;
await started.value.stop();
console.log(JSON.stringify({
  uid: process.getuid(), groups: process.getgroups(), folder, rows, fromWorker, isCopy: binaries.isCopy,
  own: attempt(() => readFileSync(self)), shadow: attempt(() => readFileSync('/etc/shadow')), root: attempt(() => process.setuid(0)),
}));
process.exit(0);
`;
const PROBE_WORKER = `
import { parentPort, workerData } from 'node:worker_threads';
import { readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { newId, isId } from '#base/ids.ts';
writeFileSync(workerData + '/from-worker', newId());
const id = v.parse(v.string(), readFileSync(workerData + '/from-worker', 'utf8'));
parentPort.postMessage({ isId: isId(id), uid: process.getuid() });
`;

function copyCheckout(to: string): void {
  mkdirSync(to, { mode: 0o700 });
  for (const part of ['src', 'tools', 'siegel', 'package.json', 'package-lock.json'])
    cpSync(join(programDir, part), join(to, part), { recursive: true });
  const modules = join(programDir, 'node_modules');
  const linked = spawnSync('cp', ['-al', modules, to], { stdio: 'ignore' });
  if (linked.status !== 0) assert.equal(spawnSync('cp', ['-a', modules, to]).status, 0);
  writeFileSync(join(to, 'src', 'programs', 'probe.ts'), PROBE);
  writeFileSync(join(to, 'src', 'programs', 'probe-worker.ts'), PROBE_WORKER);
}

test(
  'a 0700 checkout and data under a 0700 folder: files, threads and database work after rights are dropped',
  { skip },
  () => {
    const locked = join(scratch, 'locked');
    mkdirSync(locked, { mode: 0o700 });
    copyCheckout(join(locked, 'checkout'));
    const probe = join(locked, 'checkout', 'src', 'programs', 'probe.ts');
    const words = [probe, join(locked, 'data'), join(scratch, 'copies')];
    const ran = spawnSync(process.execPath, words, {
      encoding: 'utf8',
      timeout: 60_000,
      cwd: join(locked, 'checkout'),
    });
    assert.equal(ran.status, 0, ran.stderr);
    const seen = JSON.parse(ran.stdout) as Record<string, unknown>;
    assert.match(String(seen['folder']), /^\/proc\/self\/fd\/\d+$/);
    assert.deepEqual(
      { ...seen, folder: '' },
      {
        uid: nobody?.uid,
        groups: [nobody?.gid],
        folder: '',
        rows: [{ one: 1 }],
        fromWorker: { isId: true, uid: nobody?.uid },
        isCopy: true,
        own: 'EACCES',
        shadow: 'EACCES',
        root: 'EPERM',
      },
    );
    assert.equal(statSync(join(locked, 'data', 'kept')).uid, nobody?.uid);
    assert.equal(statSync(join(locked, 'data')).mode & 0o777, 0o700);
  },
);

interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

async function startService(checkout: string, env: Readonly<Record<string, string | undefined>>): Promise<Running> {
  const service = spawn(join(checkout, 'siegel'), ['start'], { cwd: checkout, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  const hear = (text: Buffer): void => void (said += text.toString());
  service.stdout.on('data', hear);
  service.stderr.on('data', hear);
  const deadlineMs = performance.now() + 60_000;
  while (!/Page +(http\S+)/.test(said) && service.exitCode === null && performance.now() < deadlineMs) await sleep(50);
  const url = /Page +(http\S+)/.exec(said)?.[1];
  assert.ok(url !== undefined, said);
  const stop = async (): Promise<void> => {
    const gone = once(service, 'exit');
    service.kill('SIGTERM');
    await gone;
  };
  return { url, stop };
}

test(
  'the whole service runs from a 0700 checkout with its data beside it: sign up, letter in, letter out',
  { skip },
  async () => {
    const [officer, lawyer] = [await makePerson('Jonas', 'OFFICER'), await makePerson('Leyla', 'LAWYER')];
    const locked = join(scratch, 'whole');
    mkdirSync(locked, { mode: 0o700 });
    const checkout = join(locked, 'checkout');
    copyCheckout(checkout);
    const env = {
      ...process.env,
      SIEGEL_DATA_DIR: join(locked, 'data'),
      SIEGEL_SMTP_PORT: '0',
      SIEGEL_HTTP_PORT: '0',
      SIEGEL_RUN_AS: 'nobody',
      SIEGEL_DESK_TRUST: [officer, lawyer].map(({ member }) => member.fingerprint).join(','),
    };
    const siegel = (words: readonly string[], input = ''): string => {
      const ran = spawnSync(join(checkout, 'siegel'), words, {
        encoding: 'utf8',
        cwd: checkout,
        env,
        input,
        timeout: 60_000,
      });
      assert.equal(ran.status, 0, `${words.join(' ')}: ${ran.stderr}`);
      return ran.stdout;
    };
    const service = await startService(checkout, env);
    try {
      assert.equal((await fetch(service.url)).status, 200);
      const { code } = JSON.parse(siegel(['invite', 'create', '--json'])) as { code: string };
      const person = ['--server', service.url, '--password-stdin', '--json'];
      siegel(['user', 'signup', '--invite', code, '--address', 'anna', ...person], 'a long enough password');
      siegel(['try', 'letter']);
      const listed = siegel(['user', 'list', '--address', 'anna@siegel.test', ...person], 'a long enough password');
      assert.match(listed, /Your first sealed letter/);
      assert.match(siegel(['status', '--json']), /"warnings":\[/);
      const policy = canonicalJson(fillTemplate([officer, lawyer]));
      const files = [policy, await signAs(officer, policy), await signAs(lawyer, policy)].map((text, nth) => {
        writeFileSync(join(locked, `policy-${nth}`), text);
        return join(locked, `policy-${nth}`);
      });
      siegel(['desk', 'policy', ...files, '--apply']);
      siegel([
        'request',
        'file',
        '--by',
        'Jonas',
        '--channel',
        'FAX',
        '--kinds',
        'SUBSCRIBER',
        '--target',
        'x@example.org',
      ]);
      assert.match(siegel(['report', 'verify', '--json']), /"findings":\[\]/);
      assert.equal((await fetch(`${service.url}/transparency`)).status, 200);
    } finally {
      await service.stop();
    }
  },
);

test('data made by another user is handed over whole, links themselves and not what they point to', { skip }, () => {
  assert.ok(nobody !== undefined);
  const data = join(scratch, 'handed');
  assert.ok(prepareFolder(data, undefined).ok);
  mkdirSync(join(data, 'journal'));
  writeFileSync(join(data, 'journal', 'a'), 'x');
  writeFileSync(join(scratch, 'outside'), 'x');
  symlinkSync(join(scratch, 'outside'), join(data, 'link'));
  assert.deepEqual(prepareFolder(data, nobody), { ok: true, value: data });
  assert.equal(statSync(join(data, 'journal', 'a')).uid, nobody.uid);
  assert.equal(statSync(join(scratch, 'outside')).uid, 0);
});

test('a folder with things of somebody else in it is refused and stays as it is', { skip }, () => {
  assert.ok(nobody !== undefined);
  const home = join(scratch, 'home');
  mkdirSync(home);
  writeFileSync(join(home, 'thesis.txt'), 'x');
  const refused = prepareFolder(home, nobody);
  assert.ok(!refused.ok && refused.error.kind === 'not-ours');
  assert.match(refused.error.sentence, /thesis\.txt/);
  assert.equal(statSync(join(home, 'thesis.txt')).uid, 0);
});

test('a data folder that cannot be made is refused with what to do', () => {
  writeFileSync(join(scratch, 'file'), 'x');
  for (const path of [join(scratch, 'file'), join(scratch, 'file', 'data')]) {
    const refused = prepareFolder(path, undefined);
    assert.ok(!refused.ok && refused.error.kind === 'not-a-folder', path);
  }
  const refused = prepareFolder('/proc/siegel/data', undefined);
  assert.ok(!refused.ok);
  assert.match(refused.error.sentence, /--data-dir/);
});

test('a new data folder is closed to others and marked as ours', () => {
  const data = join(scratch, 'deep', 'new');
  assert.deepEqual(prepareFolder(data, undefined), { ok: true, value: data });
  assert.equal(statSync(data).mode & 0o777, 0o700);
  assert.ok(existsSync(join(data, '.siegel')));
  assert.ok(prepareFolder(data, undefined).ok, 'and taken again');
});

test('who the program becomes: the named user, never root, never a user that is not there', () => {
  const named = chooseIdentity('nobody', 0);
  assert.ok(named.ok && named.value.identity?.name === 'nobody' && named.value.warnings.length === 0);
  const byNumber = chooseIdentity(String(nobody?.uid), 0);
  assert.ok(byNumber.ok && byNumber.value.identity?.name === 'nobody');
  const missing = chooseIdentity('no-such-user-here', 0);
  assert.ok(!missing.ok && missing.error.kind === 'no-such-user');
  const root = chooseIdentity('root', 0);
  assert.ok(!root.ok && root.error.kind === 'is-root');
  const byDefault = chooseIdentity(undefined, 0);
  assert.ok(byDefault.ok && byDefault.value.identity !== undefined);
  const isShared = byDefault.value.identity.name === 'nobody';
  assert.equal(byDefault.value.warnings.length, isShared ? 1 : 0);
});

test('an ordinary user stays who he is and cannot ask for another', () => {
  const stays = chooseIdentity(undefined, 1_234_567);
  assert.ok(stays.ok && stays.value.identity === undefined);
  const refused = chooseIdentity('root', 1_234_567);
  assert.ok(!refused.ok && refused.error.kind === 'not-root');
});
