// `siegel setup`: by options and by questions; a plan first, the file and the keys with --apply, and the records to publish.

import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { configFileOf, readConfig } from '#base/config/read.ts';
import { certificateFor } from '../../../test/fakes/certificates.ts';
import type { Call, Outcome } from '../command.ts';
import { setUp } from './setup.ts';

interface Desk extends AsyncDisposable {
  readonly folder: string;
  readonly file: string;
  run(
    flags: Readonly<Record<string, string>>,
    words?: readonly string[],
    answers?: readonly string[],
  ): Promise<Outcome>;
  readonly asked: readonly string[];
  text(): Promise<string>;
}

async function openDesk(): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-setup-'));
  // started by root, the user of the service has to reach it
  await chmod(folder, 0o755);
  const dataDir = join(folder, 'data');
  const file = configFileOf(undefined, dataDir, {});
  const asked: string[] = [];
  return {
    folder,
    file,
    asked,
    async run(flags, words = [], answers) {
      const given = { 'data-dir': dataDir, ...flags };
      const own = ['out', 'certificate'].flatMap((name) => (name in given ? [[name, flags[name] ?? ''] as const] : []));
      const options = Object.fromEntries(own);
      const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !(name in options)));
      const config = readConfig({ flags: rest, environment: {} });
      assert.ok(config.ok, config.ok ? '' : config.error.sentence);
      const terminal = { print: () => undefined, note: () => undefined, readInput: async () => '', isTty: false };
      const call: Call = {
        config: config.value,
        configFile: file,
        operands: [],
        options,
        switches: new Set(words),
        json: true,
        terminal,
      };
      const left = [...(answers ?? [])];
      const ask = async (question: string): Promise<string | undefined> => {
        asked.push(question);
        return left.shift();
      };
      return setUp(call, answers === undefined ? undefined : ask);
    },
    text: () => readFile(file, 'utf8').catch(() => 'none'),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Shown {
  readonly changes: readonly string[];
  readonly isApplied: boolean;
  readonly hasSigningKeys: boolean;
  readonly records: readonly { kind: string; name: string; type: string; value: string; line: string; why: string }[];
}

function shown(outcome: Outcome): Shown {
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.error.sentence);
  return outcome.value.json as Shown;
}

test('without --apply nothing is written: no file, no folder, no key', async () => {
  await using desk = await openDesk();
  const plan = shown(await desk.run({ domain: 'example.org', smarthost: 'relay.example.net:587' }));
  assert.ok(!plan.isApplied && !plan.hasSigningKeys);
  assert.ok(plan.changes.includes('+ domain = example.org') && plan.changes.includes('+ smtp-port = 25'));
  assert.equal(await desk.text(), 'none');
  await assert.rejects(stat(join(desk.folder, 'data')));
});

test('with --apply the file is written, keys are made, and every record is there to be copied', async () => {
  await using desk = await openDesk();
  const flags = {
    domain: 'example.org',
    smarthost: 'relay.example.net:587',
    'backup-dir': join(desk.folder, 'backups'),
  };
  const done = shown(await desk.run(flags, ['apply']));
  assert.ok(done.isApplied && done.hasSigningKeys);
  const text = await desk.text();
  for (const line of ['domain = example.org', 'mx-host = mail.example.org', 'smarthost = relay.example.net:587'])
    assert.ok(text.includes(`${line}\n`), line);
  assert.equal((await stat(desk.file)).mode & 0o777, 0o600);
  assert.ok((await stat(join(desk.folder, 'backups'))).isDirectory());
  const kinds = done.records.map(({ kind }) => kind);
  for (const kind of ['mx', 'address', 'spf', 'dkim', 'dmarc', 'tls-rpt', 'openpgpkey', 'srv', 'caa'])
    assert.ok(kinds.includes(kind), kind);
  assert.equal(kinds.filter((kind) => kind === 'dkim').length, 2);
  for (const { line } of done.records)
    for (const [, piece = ''] of line.matchAll(/"([^"]*)"/g)) assert.ok(piece.length <= 255, line);
  const again = shown(await desk.run(flags, ['apply']));
  assert.deepEqual(again.changes, [], 'the second time there is nothing to change');
  const kept = readConfig({ file: desk.file, environment: {} });
  assert.ok(kept.ok && kept.value.smarthost?.port === 587 && kept.value.mxHost === 'mail.example.org');
});

test('what stands in the file and is not asked about stays, and the difference is shown', async () => {
  await using desk = await openDesk();
  await desk.run({ domain: 'example.org' }, ['apply']);
  await writeFile(desk.file, `# mine\nlog = info\n${await desk.text()}`);
  const { changes } = shown(await desk.run({ domain: 'example.net' }, ['apply']));
  assert.deepEqual(changes.slice(0, 2), ['- domain = example.org', '+ domain = example.net']);
  assert.ok((await desk.text()).startsWith('# mine\nlog = info\ndomain = example.net\n'));
});

test('questions: what is wrong is asked again, Enter takes what is known, and no yes means no change', async () => {
  await using desk = await openDesk();
  const answers = ['not a domain', 'example.org', '', 'relay.example.net', '-', '-', 'proxy'];
  const left = shown(await desk.run({}, [], [...answers, 'no']));
  assert.ok(!left.isApplied);
  assert.match(desk.asked[1] ?? '', /That is not a domain name/);
  assert.equal(await desk.text(), 'none');
  const done = shown(await desk.run({}, [], [...answers, 'yes']));
  assert.ok(done.isApplied);
  assert.match(await desk.text(), /^mx-host = mail\.example\.org$/m);
});

test('with a certificate the doors for mail programs open and the rule of MTA-STS is announced', async () => {
  await using desk = await openDesk();
  const { keyPem, certificatePem } = certificateFor('mail.example.org');
  const [cert, key, other] = ['cert.pem', 'key.pem', 'other.pem'].map((name) => join(desk.folder, name));
  assert.ok(cert !== undefined && key !== undefined && other !== undefined);
  await writeFile(cert, certificatePem, { mode: 0o644 });
  await writeFile(key, keyPem, { mode: 0o644 });
  await writeFile(other, certificateFor('other.test').keyPem, { mode: 0o644 });
  const open = process.getuid?.() === 0 ? { 'run-as': 'nobody' } : {};
  const flags = { domain: 'example.org', 'tls-cert': cert, ...open };
  const { changes, records } = shown(await desk.run({ ...flags, 'tls-key': key }));
  for (const line of ['+ submission-port = 587', '+ submissions-port = 465', '+ http-port = 443'])
    assert.ok(changes.includes(line), line);
  for (const name of [
    '_mta-sts.example.org',
    'mta-sts.example.org',
    'autoconfig.example.org',
    '_submissions._tcp.example.org',
  ])
    assert.ok(
      records.some((record) => record.name === name),
      name,
    );
  const wrong = await desk.run({ ...flags, 'tls-key': other });
  assert.ok(!wrong.ok && /is not the key of the certificate/.test(wrong.error.sentence));
});

const refused: readonly (readonly [
  what: string,
  flags: Readonly<Record<string, string>>,
  kind: string,
  says: RegExp,
])[] = [
  ['no domain', {}, 'misused', /--domain/],
  ['a smarthost that is not named', { domain: 'a.test', out: 'smarthost' }, 'misused', /--smarthost/],
  ['a way out that does not exist', { domain: 'a.test', out: 'pigeon' }, 'misused', /direct or smarthost/],
  ['files that are not named', { domain: 'a.test', certificate: 'files' }, 'misused', /--tls-cert/],
  ['acme without an authority', { domain: 'a.test', certificate: 'acme' }, 'misused', /--acme/],
  [
    'a login that is not there',
    { domain: 'a.test', smarthost: 'b.test', 'smarthost-login': '/nowhere' },
    'refused',
    /cannot be read/,
  ],
  ['a place for backups that is a file', { domain: 'a.test', 'backup-dir': '/etc/passwd' }, 'refused', /not a folder/],
];

for (const [what, flags, kind, says] of refused)
  test(`refused with what to do: ${what}`, async () => {
    await using desk = await openDesk();
    const outcome = await desk.run(flags, ['apply']);
    assert.ok(!outcome.ok);
    assert.equal(outcome.error.kind, kind);
    assert.match(outcome.error.sentence, says);
    assert.equal(await desk.text(), 'none');
  });

test('backups in the data folder are refused', async () => {
  await using desk = await openDesk();
  const outcome = await desk.run({ domain: 'a.test', 'backup-dir': join(desk.folder, 'data', 'backups') });
  assert.ok(!outcome.ok && /lost together with it/.test(outcome.error.sentence));
});
