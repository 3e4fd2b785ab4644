// The page's mailbox client against a real server: rows, letters, changes, folders, search, settings, push.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { LetterId, MailboxId } from '#base/ids.ts';
import type { TestCluster } from '#vault/database/test-cluster.ts';
import type { MailboxInfo, PageEvent, SignedIn } from '#web/backend.ts';
import { openMailboxClient, type MailboxClient } from '#web/client/mailbox-client.ts';
import type { EventStream } from '#web/client/push.ts';
import { openAccountHouse, signUp, startTestCluster, type AccountHouse, type TestClient } from './account-house.ts';
import { deliver } from './deliver.ts';

let cluster: TestCluster;
let house: AccountHouse;
let client: TestClient;
let signedIn: SignedIn;
let mailbox: MailboxClient;
let inbox: MailboxInfo;

const letter = (subject: string, body: string) =>
  `From: Carl Grün <carl@example.org>\r\nTo: anna@siegel.test\r\nSubject: ${subject}\r\nDate: Sun, 17 May 2026 12:00:00 +0000\r\n` +
  `Content-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`;

before(async () => {
  cluster = await startTestCluster();
  house = await openAccountHouse(cluster);
  ({ client, signedIn } = await signUp(house, 'anna'));
  mailbox = await openMailboxClient({
    reach: client.reach,
    signedIn,
    openStream: streamOver(client.reach),
    clock: house.clock,
  });
  const found = (await mailbox.mailboxes()).find(({ role }) => role === 'inbox');
  assert.ok(found);
  inbox = found;
});
after(async () => {
  await house[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

test('a new mailbox has its six folders and no letters', async () => {
  const mailboxes = await mailbox.mailboxes();
  assert.deepEqual(mailboxes.map(({ role }) => String(role)).toSorted(), [
    'archive',
    'drafts',
    'inbox',
    'junk',
    'sent',
    'trash',
  ]);
  assert.deepEqual(await mailbox.list(inbox.id), []);
});

test('a letter is listed with what it says, opened byte for byte, and shows how it came', async () => {
  const plain = letter('The vineyard', 'The papers are ready.');
  const id = await deliver(house, signedIn.session.accountId, plain);
  assert.deepEqual(await mailbox.list(inbox.id), [id]);
  const [row] = await mailbox.rows([id]);
  assert.ok(row);
  assert.equal(row.subject, 'The vineyard');
  assert.equal(row.snippet, 'The papers are ready.');
  assert.deepEqual(row.from, [{ name: 'Carl Grün', address: 'carl@example.org' }]);
  assert.equal(row.sign, 'on-arrival');
  assert.equal(row.altered, false);
  const opened = await mailbox.open(id);
  assert.ok(opened.ok, JSON.stringify(opened));
  assert.equal(Buffer.from(opened.value.plainOriginal).toString(), plain);
  assert.equal(opened.value.plainText?.trim(), 'The papers are ready.');
  assert.deepEqual(opened.value.provenance.transport, { kind: 'tls', version: 'TLSv1.3' });
  assert.equal(opened.value.provenance.signedByDomain, 'example.org');
  assert.equal(opened.value.sign, 'on-arrival');
});

test('flags, moves, folders with sealed names, and removal', async () => {
  const [id] = await mailbox.list(inbox.id);
  assert.ok(id);
  assert.ok((await mailbox.change([id], { addKeywords: ['$seen', '$flagged'] })).ok);
  assert.deepEqual((await mailbox.rows([id]))[0]?.keywords.toSorted(), ['$flagged', '$seen']);
  assert.deepEqual(await mailbox.listKeyword('$flagged'), [id]);
  const made = await mailbox.createMailbox('Weinberg & Söhne', undefined);
  assert.ok(made.ok);
  const child = await mailbox.createMailbox('2026', made.value.id);
  assert.ok(child.ok);
  assert.ok((await mailbox.renameMailbox(child.value.id, '2027')).ok);
  const names = (await mailbox.mailboxes()).map(({ name }) => name).filter(Boolean);
  assert.deepEqual(names.toSorted(), ['2027', 'Weinberg & Söhne']);
  const seen = (await mailbox.serverMailboxes()).map(({ text }) => text).join();
  assert.ok(!seen.includes('Weinberg') && !seen.includes('2027'));
  assert.ok((await mailbox.change([id], { mailboxIds: [made.value.id] })).ok);
  assert.deepEqual(await mailbox.list(inbox.id), []);
  assert.deepEqual(await mailbox.list(made.value.id), [id]);
  assert.ok((await mailbox.removeMailbox(child.value.id)).ok);
  const full = await mailbox.removeMailbox(made.value.id);
  assert.ok(!full.ok && full.error.kind === 'not-allowed', 'a folder with letters stays, and so do they');
  const inner = await mailbox.createMailbox('2028', made.value.id);
  assert.ok(inner.ok);
  assert.ok((await mailbox.change([id], { mailboxIds: [inbox.id], removeKeywords: ['$flagged'] })).ok);
  assert.equal((await mailbox.removeMailbox(made.value.id)).ok, false, 'it has a folder inside');
  assert.ok((await mailbox.removeMailbox(inner.value.id)).ok);
  assert.ok((await mailbox.removeMailbox(made.value.id)).ok);
  assert.ok((await mailbox.destroy([id])).ok);
  assert.deepEqual(await mailbox.list(inbox.id), []);
  assert.deepEqual(await mailbox.open(id), { ok: false, error: { kind: 'gone' } });
});

test('search finds words of text, names and beginnings, and asks the server for none of them', async () => {
  const { accountId } = signedIn.session;
  const first = await deliver(house, accountId, letter('Kirschernte', 'Die Leiter steht am großen Baum.'));
  const second = await deliver(house, accountId, letter('Rechnung', 'Bitte bis Freitag.'));
  const asked: string[] = [];
  const listening: typeof fetch = async (input, init) => {
    if (typeof init?.body === 'string') asked.push(init.body);
    return client.reach(input, init);
  };
  const searching = await openMailboxClient({
    reach: listening,
    signedIn,
    openStream: streamOver(client.reach),
    clock: house.clock,
  });
  assert.deepEqual(await searching.search('kirschernte'), [first]);
  assert.deepEqual(await searching.search('leiter gross'), [first]);
  assert.deepEqual(await searching.search('rechn'), [second]);
  assert.deepEqual((await searching.search('carl')).length, 2);
  assert.deepEqual(await searching.search('unauffindbar'), []);
  for (const word of ['kirsch', 'leiter', 'rechn', 'carl', 'unauffindbar']) {
    assert.ok(!asked.some((body) => body.toLowerCase().includes(word)), word);
  }
});

test('letters that answer each other are one conversation, counted in their rows; the trash is none of it', async () => {
  const { accountId } = signedIn.session;
  const headed = (fields: string, body: string) => fields + letter('Der Zaun', body);
  const asked = await deliver(house, accountId, headed('Message-ID: <zaun.1@example.org>\r\n', 'Wann?'));
  await mailbox.learnThreads();
  assert.equal((await mailbox.rows([asked]))[0]?.threadCount, 1);
  const answered = await deliver(
    house,
    accountId,
    headed('Message-ID: <zaun.2@example.org>\r\nIn-Reply-To: <zaun.1@example.org>\r\n', 'Bald.'),
  );
  const sameSubject = await deliver(house, accountId, headed('Message-ID: <zaun.3@example.org>\r\n', 'Ein anderer.'));
  await mailbox.learnThreads();
  const counts = (await mailbox.rows([asked, answered, sameSubject])).map((row) => row.threadCount);
  assert.deepEqual(counts, [2, 2, 1]);
  assert.deepEqual((await mailbox.thread(answered)).toSorted(), [asked, answered].toSorted());
  const known = async () => (await mailbox.conversations()).map((one) => one.flat().toSorted());
  assert.deepEqual(await known(), [[asked, answered].toSorted()]);
  const trash = (await mailbox.mailboxes()).find(({ role }) => role === 'trash');
  assert.ok(trash && (await mailbox.change([answered], { mailboxIds: [trash.id] })).ok);
  await mailbox.rows([answered]);
  assert.deepEqual(await mailbox.thread(asked), [asked]);
  assert.deepEqual(await known(), []);
  assert.ok((await mailbox.destroy([asked, answered, sameSubject])).ok);
});

test('a conversation that grows while rows are looked at is told to the page', async () => {
  const { accountId } = signedIn.session;
  const told: string[] = [];
  const stop = mailbox.onChange(({ kind }) => told.push(kind));
  const headed = (fields: string) => fields + letter('Die Hecke', 'Wann?');
  const asked = await deliver(house, accountId, headed('Message-ID: <hecke.1@example.org>\r\n'));
  await mailbox.rows([asked]);
  await mailbox.conversations();
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.ok(!told.includes('conversations'), 'a letter alone is none');
  const answer = headed('Message-ID: <hecke.2@example.org>\r\nReferences: <hecke.1@example.org>\r\n');
  const answered = await deliver(house, accountId, answer);
  await mailbox.rows([answered]);
  for (let tries = 0; tries < 40 && !told.includes('conversations'); tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(told.includes('conversations'));
  stop();
  assert.ok((await mailbox.destroy([asked, answered])).ok);
});

test('the server’s view shows bytes and no word of the letter', async () => {
  const ids = await mailbox.list(inbox.id);
  const rows = await mailbox.serverRows(ids);
  assert.equal(rows.length, ids.length);
  const stored = await mailbox.serverLetter(ids[0] ?? ('' as LetterId));
  assert.match(stored.text, /BEGIN PGP MESSAGE/);
  for (const text of [...rows.map((row) => row.text), stored.text]) {
    assert.doesNotMatch(text, /Rechnung|Kirsch|carl@|Carl/);
  }
});

test('preferences are sealed, rules reach the door, storage and sessions are told', async () => {
  const unset = { language: undefined, theme: undefined, density: 'cosy', grouped: true, welcomeGone: [] };
  assert.deepEqual(await mailbox.preferences(), unset);
  const wanted = {
    language: 'de',
    theme: 'dark',
    density: 'compact',
    grouped: false,
    welcomeGone: ['safety'],
  } as const;
  assert.ok((await mailbox.setPreferences(wanted)).ok);
  assert.ok((await mailbox.setPreferences({ ...wanted, density: 'cosy' })).ok);
  assert.deepEqual(await mailbox.preferences(), { ...wanted, density: 'cosy' });
  const rules = [
    { id: undefined, field: 'subject', contains: 'Rechnung', action: { kind: 'move', mailboxId: inbox.id } },
    { id: undefined, field: 'from', contains: '@example.org', action: { kind: 'star' } },
  ] as const;
  assert.ok((await mailbox.setRules(rules)).ok);
  assert.deepEqual(await mailbox.rules(), rules);
  const wrong = { id: undefined, field: 'subject', contains: '', action: { kind: 'read' } } as const;
  assert.equal((await mailbox.setRules([wrong])).ok, false);
  const { usedBytes, limitBytes } = await mailbox.storage();
  assert.ok(usedBytes > 0 && limitBytes > usedBytes);
  assert.equal((await mailbox.sessions()).filter(({ current }) => current).length, 1);
  assert.equal((await mailbox.session())?.address, 'anna@siegel.test');
  assert.ok((await mailbox.disclosure()).rows.length > 5);
});

test('an arriving letter, a flag and a removal are told to the page at once', async () => {
  const events: PageEvent[] = [];
  const stop = mailbox.onChange((event) => events.push(event));
  const until = async (what: string, isSeen: () => boolean) => {
    for (let waited = 0; !isSeen(); waited += 20) {
      assert.ok(waited < 5000, `${what}: ${JSON.stringify(events)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await new Promise((resolve) => setTimeout(resolve, 300));
  const id = await deliver(house, signedIn.session.accountId, letter('Neu', 'Eben gekommen.'));
  const isIn = (ids: readonly MailboxId[]) => ids.includes(inbox.id);
  await until('arrival', () =>
    events.some((event) => event.kind === 'letters' && event.arrived.includes(id) && isIn(event.mailboxIds)),
  );
  await mailbox.rows([id]);
  events.length = 0;
  assert.ok((await mailbox.change([id], { addKeywords: ['$seen'] })).ok);
  await until('flag', () => events.some((event) => event.kind === 'rows' && event.ids.includes(id)));
  events.length = 0;
  assert.ok((await mailbox.destroy([id])).ok);
  await until('removal', () => events.some((event) => event.kind === 'letters' && isIn(event.mailboxIds)));
  assert.ok(events.some((event) => event.kind === 'mailboxes'));
  stop();
});

test('a server that shows other keys, an older manifest or another account’s keyring opens nothing', async () => {
  const lying =
    (change: (keys: Record<string, unknown>) => void): typeof fetch =>
    async (input, init) => {
      const answer = await client.reach(input, init);
      if (input !== '/auth/session') return answer;
      const body = (await answer.json()) as { keys: Record<string, unknown> };
      change(body.keys);
      return Response.json(body);
    };
  const open = (reach: typeof fetch) =>
    openMailboxClient({ reach, signedIn, openStream: streamOver(client.reach), clock: house.clock });
  assert.ok(await open(client.reach));
  const other = await signUp(house, 'mallory');
  const foreign = (await (await other.client.reach('/auth/session')).json()) as { keys: Record<string, unknown> };
  for (const name of ['certificate', 'summaryKey', 'authKey', 'keyring', 'manifest', 'doorKey']) {
    const value = name === 'doorKey' ? Buffer.alloc(32, 9).toString('base64url') : foreign.keys[name];
    await assert.rejects(
      open(lying((keys) => Object.assign(keys, { [name]: value }))),
      /keys-altered/,
      `a changed ${name}`,
    );
  }
});

/** EventSource over fetch, as far as the client uses it: Node has none. */
function streamOver(reach: typeof fetch): (path: string) => EventStream {
  return (path) => {
    const listeners = new Map<string, ((event: { readonly data?: unknown }) => void)[]>();
    const tell = (kind: string, data?: string) => {
      for (const listener of listeners.get(kind) ?? []) listener({ data });
    };
    const ending = new AbortController();
    let readyState = 0;
    const read = async () => {
      const answer = await reach(path, { signal: ending.signal });
      if (!answer.ok || !answer.body) throw new Error(String(answer.status));
      readyState = 1;
      tell('open');
      let text = '';
      for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const kind = /^event: (.*)$/m.exec(block)?.[1];
          if (kind !== undefined) tell(kind, /^data: (.*)$/m.exec(block)?.[1]);
        }
      }
    };
    read().catch(() => {
      readyState = 2;
      tell('error');
    });
    return {
      addEventListener: (kind, listener) => listeners.set(kind, [...(listeners.get(kind) ?? []), listener]),
      close: () => ending.abort(),
      get readyState() {
        return readyState;
      },
    };
  };
}
