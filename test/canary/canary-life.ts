// A house in which every word, address, client and password is marked: letters come in, somebody signs up, reads, files and searches.

import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#base/clock.ts';
import { createEntryClient } from '../../src/web/client/entry.ts';
import { openMailboxClient } from '../../src/web/client/mailbox-client.ts';
import type { SignedIn } from '../../src/web/backend.ts';
import { startDnsServer } from '../fakes/dns-server.ts';
import { localFetch } from '../local-fetch.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { openSmtp } from '../smtp-client.ts';
import { makeCanaryLetter } from './canary-letters.ts';

export const CLIENT_ADDRESSES = [2, 3, 4, 5, 6, 7, 8, 9].map((last) => `127.0.0.${last}`);

export interface CanaryHouse extends AsyncDisposable {
  readonly program: RunningProgram;
  /** Holds everything that the program could write: data, kit, temp and home. */
  readonly folder: string;
  readonly marker: string;
  readonly plainPassword: string;
}

/** `marker`: letters and digits in lower case. Log level debug: what could be said is said. */
export async function openCanaryHouse(
  marker: string,
  env: Readonly<Record<string, string>> = {},
): Promise<CanaryHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-canary-'));
  // a folder others may enter, as those of TMPDIR and HOME are
  await chmod(folder, 0o755);
  for (const name of ['temp', 'home']) {
    await mkdir(join(folder, name));
    await chmod(join(folder, name), 0o777);
  }
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const dns = await startDnsServer({});
  opened.defer(() => dns.close());
  const program = await startProgram({
    directory: folder,
    env: {
      TMPDIR: join(folder, 'temp'),
      HOME: join(folder, 'home'),
      SIEGEL_DNS: dns.endpoint,
      SIEGEL_TRUSTED_NETWORKS: '',
      SIEGEL_LOG: 'debug',
      ...env,
    },
  });
  opened.defer(() => program.stop());
  const all = opened.move();
  const plainPassword = `${marker}password`;
  return { program, folder, marker, plainPassword, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Each person uses an address and a user agent of its own. */
function clientOf({ marker, program }: CanaryHouse, n: number): typeof fetch {
  return localFetch(() => program.url, {
    localAddress: CLIENT_ADDRESSES[n % CLIENT_ADDRESSES.length] ?? '127.0.0.2',
    headers: {
      'user-agent': `${marker}agent${n}/1.0`,
      'accept-language': `x-${marker}language`,
      referer: `http://${marker}referer.example/`,
      'x-forwarded-for': CLIENT_ADDRESSES[n % CLIENT_ADDRESSES.length] ?? '',
    },
  });
}

/** Signs Anna up; her own address is the one thing the house may know of her. */
export async function signUpAnna(
  house: CanaryHouse,
): Promise<{ readonly reach: typeof fetch; readonly signedIn: SignedIn }> {
  const made = await house.program.siegel(['invite', 'create', '--json']);
  const { code } = JSON.parse(made.stdout) as { code: string };
  const reach = clientOf(house, 0);
  const { plainPassword } = house;
  const done = await createEntryClient(reach, systemClock).signUp({ code, localPart: 'anna', plainPassword });
  if (!done.ok) throw new Error(`sign-up refused: ${done.error.kind}`);
  return { reach, signedIn: done.value };
}

/** `count` letters over eight connections from eight addresses; resolves with how many were taken. */
export async function sendLetters({ program, marker }: CanaryHouse, count: number): Promise<number> {
  const numbers = Array.from({ length: count }, (_, n) => n).values();
  let taken = 0;
  const send = async (localAddress: string): Promise<void> => {
    await using smtp = await openSmtp(program.smtpPort, localAddress, `${marker}greeting.example`);
    for (const n of numbers) {
      const { from, bytes } = makeCanaryLetter(marker, n);
      const to = [n % 5 === 0 ? `anna+${marker}suffix@siegel.test` : 'anna@siegel.test'];
      const reply = await smtp.send({ from, to, bytes, by: n % 2 === 0 ? 'data' : 'bdat' });
      if (reply.code === 250) taken += 1;
    }
  };
  await Promise.all(CLIENT_ADDRESSES.map(send));
  return taken;
}

/** What is refused must not be remembered either. */
export async function sendWhatIsRefused({ program, marker }: CanaryHouse): Promise<void> {
  await using smtp = await openSmtp(program.smtpPort, '127.0.0.9', `${marker}greeting.example`);
  for (const line of [
    `MAIL FROM:<${marker}sender@`,
    `NONSENSE ${marker}body`,
    `VRFY ${marker}name`,
    `MAIL FROM:<${marker}sender@${marker}.example>`,
    `RCPT TO:<${marker}nobody@siegel.test>`,
    `RCPT TO:<${marker}nobody@${marker}elsewhere.example>`,
    'RSET',
  ]) {
    await smtp.command(line);
  }
  // a bare line feed: refused, and the connection ends
  const bytes = Buffer.from(`Subject: ${marker}subject\r\n\r\n${marker}body\nmore\r\n`);
  await smtp.send({ from: 'a@b.example', to: ['anna@siegel.test'], bytes, by: 'data' }).catch(() => undefined);
}

/** Reads, searches, files under a marked name, keeps marked rules; asks for what is not there; types wrong passwords. */
export async function liveAsAnna(
  house: CanaryHouse,
  { reach, signedIn }: { readonly reach: typeof fetch; readonly signedIn: SignedIn },
): Promise<void> {
  const { marker } = house;
  const stream = { addEventListener: () => undefined, close: () => undefined, readyState: 1 };
  const mail = await openMailboxClient({ reach, signedIn, openStream: () => stream, clock: systemClock });
  const inbox = (await mail.mailboxes()).find(({ role }) => role === 'inbox');
  const made = await mail.createMailbox(`${marker}folder`, undefined);
  if (!inbox || !made.ok) throw new Error('there must be an inbox and a new folder');
  const ids = await mail.list(inbox.id);
  const some = ids.slice(0, 20);
  await mail.rows(some);
  for (const id of some.slice(0, 4)) if (!(await mail.open(id)).ok) throw new Error('a letter does not open');
  await mail.search(`${marker}subject3`);
  const done = [
    await mail.change(some, { addKeywords: ['$seen'], mailboxIds: [made.value.id] }),
    await mail.destroy(some.slice(0, 2)),
    await mail.setRules([
      {
        id: undefined,
        field: 'subject',
        contains: `${marker}rule`,
        action: { kind: 'move', mailboxId: made.value.id },
      },
    ]),
    await mail.confirmPhrase(await mail.newPhrase()),
    await mail.setPreferences(await mail.preferences()),
  ];
  for (const one of done) if (!one.ok) throw new Error(`a change was refused: ${one.error.kind}`);
  for (const [n] of CLIENT_ADDRESSES.entries()) await strayFrom(house, clientOf(house, n), n);
}

async function strayFrom({ marker }: CanaryHouse, reach: typeof fetch, n: number): Promise<void> {
  const json = { 'content-type': 'application/json' };
  for (const path of ['/', `/${marker}path?q=${marker}query`, '/jmap/session', '/.well-known/jmap']) await reach(path);
  await reach('/jmap/api', { method: 'POST', headers: json, body: `{"${marker}body":` });
  await reach('/auth/login/start', { method: 'POST', headers: json, body: JSON.stringify({ [`${marker}field`]: n }) });
  const entry = createEntryClient(reach, systemClock);
  await entry.signIn({ address: `${marker}nobody@siegel.test`, plainPassword: `${marker}password` });
  if (n === 0) await entry.signIn({ address: 'anna@siegel.test', plainPassword: `${marker}wrong` });
}
