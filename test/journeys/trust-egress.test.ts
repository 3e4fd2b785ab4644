// What the kernel saw: every connection the whole program makes goes to a place of the public list, while letters come, keys are looked for and letters leave.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { connectionKinds, isOverHttp } from '#base/outgoing/egress.ts';
import { judgeConnections, startRecording } from '../../tools/judge-connections.ts';
import { countWaiting, letterText, openDeliveryHouse, zoneOf } from '../delivery-house.ts';
import { startHostilePeer } from '../fakes/hostile-peer.ts';
import { searchFolder } from '../canary/disk-search.ts';
import { needlesOf } from '../canary/needles.ts';
import { signUp } from '../signed-in.ts';
import { openSmtp } from '../smtp-client.ts';

const hasStrace = spawnSync('strace', ['-V']).status === 0;

/** `address:port` of each connection over IP, and paths of unix sockets. */
interface Seen {
  readonly overIp: ReadonlySet<string>;
  readonly unixPaths: readonly string[];
}

function readTrace(text: string): Seen {
  const overIp = new Set<string>();
  const unixPaths: string[] = [];
  for (const line of text.split('\n')) {
    const [, port, address] =
      /sin6?_port=htons\((\d+)\).*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"/.exec(line) ?? [];
    const [, unixPath] = /sa_family=AF_UNIX, sun_path=@?"([^"]+)"/.exec(line) ?? [];
    if (port !== undefined && address !== undefined) overIp.add(`${address}:${port}`);
    if (unixPath !== undefined) unixPaths.push(unixPath);
  }
  return { overIp, unixPaths };
}

/** Follows every thread of the program; what `stop` gives is all it connected or sent to meanwhile. */
async function watch(pid: number, file: string): Promise<{ stop(): Promise<Seen> } | undefined> {
  const calls = 'trace=connect,sendto,sendmsg,sendmmsg';
  const tracer = spawn('strace', [
    '-f',
    '-qq',
    '-e',
    calls,
    '-e',
    'signal=none',
    '-s',
    '0',
    '-p',
    `${pid}`,
    '-o',
    file,
  ]);
  const ended = new Promise((resolve) => tracer.once('exit', resolve));
  await wait(1_500);
  if (tracer.exitCode !== null) return undefined; // not allowed here
  return {
    async stop() {
      tracer.kill('SIGINT');
      await ended;
      return readTrace(await readFile(file, 'utf8'));
    },
  };
}

test(
  'every connection of the program is to a place of the public list',
  { skip: hasStrace ? false : 'no strace', timeout: 120_000 },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'siegel-egress-'));
    await using peer = await startHostilePeer();
    const zone = zoneOf({ 'there.test': '127.0.0.1' });
    const withKeys = { ...zone, 'openpgpkey.there.test': { A: ['127.0.0.1'] } };
    // no network is trusted: letters from 127.0.0.9 are checked like anybody’s
    using recording = startRecording();
    const env = { SIEGEL_TRUSTED_NETWORKS: '', NODE_OPTIONS: recording.flag };
    await using house = await openDeliveryHouse({ peerPort: peer.port }, withKeys, env);
    const anna = await signUp(() => house.program, 'anna');
    const watched = await watch(house.program.pid, join(directory, 'trace'));
    if (watched === undefined) return t.skip('strace may not watch other programs here');

    await using smtp = await openSmtp(house.program.smtpPort, '127.0.0.9');
    const text = 'From: bert@there.test\r\nTo: anna@siegel.test\r\nSubject: Hello\r\n\r\nA letter.\r\n';
    const taken = await smtp.send({ from: 'bert@there.test', to: [anna.address], bytes: Buffer.from(text) });
    assert.equal(taken.code, 250, taken.text);
    await anna.jmap('RecipientKey/lookup', { addresses: ['carla@there.test'] });
    const door = await house.open();
    const letter = Buffer.from(letterText(anna.address, 'carla@there.test', 'egress')).toString('base64');
    const { accountId } = anna;
    const handed = await door.handIn({
      token: 't',
      accountId,
      from: anna.address,
      recipients: ['carla@there.test'],
      letter,
    });
    assert.ok(handed.ok, JSON.stringify(handed));
    for (let tries = 0; tries < 100 && (await countWaiting(house.program)) > 0; tries++) await wait(100);
    door.close();
    const { overIp, unixPaths } = await watched.stop();

    const places = new Map([
      [`127.0.0.1:${house.names.port}`, 'dns'],
      [`127.0.0.1:${peer.port}`, 'delivery'],
      ['127.0.0.1:443', 'wkd'],
    ]);
    assert.deepEqual([...overIp].toSorted(), [...places.keys()].toSorted());
    for (const kind of places.values())
      assert.ok(
        connectionKinds.some((known) => known === kind),
        kind,
      );
    assert.ok(connectionKinds.some((kind) => isOverHttp(kind)));
    // what is noted in every test run misses nothing that the kernel saw
    const noted = recording.read();
    assert.deepEqual(
      [...overIp].filter((place) => !noted.some(({ to }) => to === place)),
      [],
    );
    assert.deepEqual(judgeConnections(noted).strangers, []);
    for (const path of unixPaths) assert.ok(path.startsWith(house.program.dataDir) || path.includes('.s.PGSQL.'), path);
    await rm(directory, { recursive: true });
  },
);

test('whose keys were looked for is nowhere on the disk, as the disclosure table says', async () => {
  const marker = `zitrone${randomBytes(4).toString('hex')}`;
  const zone = { ...zoneOf({ 'there.test': '127.0.0.1' }), 'openpgpkey.there.test': { A: ['127.0.0.1'] } };
  await using house = await openDeliveryHouse({ peerPort: 9 }, zone, { SIEGEL_LOG: 'debug' });
  const anna = await signUp(() => house.program, 'anna');
  await anna.jmap('RecipientKey/lookup', { addresses: [`${marker}@there.test`] });
  assert.ok(house.names.asked.includes('A openpgpkey.there.test'), 'the domain was asked');
  assert.deepEqual(await searchFolder(house.program.dataDir, needlesOf(marker)), []);
  assert.ok(!house.program.output().includes(marker));
  const { dataDir } = house.program;
  await writeFile(join(dataDir, 'planted'), `${marker}@there.test`);
  assert.equal((await searchFolder(dataDir, needlesOf(marker))).length > 0, true, 'the search can find it');
});

test('the list is compared with what was seen: a connection elsewhere would be found', () => {
  const seen = readTrace(
    'connect(20, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("192.0.2.1")}, 16) = -1\n' +
      'connect(21, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0\n' +
      'connect(22, {sa_family=AF_UNIX, sun_path="/run/x/.s.PGSQL.5432"}, 110) = 0\n',
  );
  assert.deepEqual([...seen.overIp], ['192.0.2.1:80', '2001:db8::1:443']);
  assert.deepEqual(seen.unixPaths, ['/run/x/.s.PGSQL.5432']);
});
