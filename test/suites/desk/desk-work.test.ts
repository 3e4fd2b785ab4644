// The desk in the client, over the real program: three accounts file and refuse a request; who is nobody of it sees nothing; a server that lies is not believed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as v from 'valibot';
import { systemClock } from '#base/clock.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { sealCaseFile } from '#formats/desk/case-file.ts';
import { createDeskWork } from '#web/client/desk/desk-work.ts';
import { deskAnswers } from '#formats/auth-wire/desk-answers.ts';
import type { DeskWork, PlainLetter, PlainVerdict } from '#web/desk-work.ts';
import { openSmtp } from '../../smtp-client.ts';
import { draftFor, openMailbox, until } from '../../world.ts';
import {
  DESK_ADDRESS,
  openHouseWithDesk,
  rosterOf,
  signAsMember,
  type DeskMember,
  type HouseWithDesk,
} from '../../desk/house-with-desk.ts';

const TARGET = 'leyla.canary@kanzlei.test';
const DOCUMENT = { name: 'Fax.pdf', bytes: new TextEncoder().encode('canary of the fax') };
const GIVEN = {
  corrects: null,
  received: '2026-03-01',
  authority: { class: 'PROSECUTION', country: 'DE' },
  channel: 'FAX',
  instrument: 'REQUEST',
  urgency: 'NORMAL',
  items: [{ kind: 'SUBSCRIBER', basis: null, from: null, until: null, target: null }],
  targets: 1,
};

let house: HouseWithDesk;

before(async () => {
  house = await openHouseWithDesk();
});
after(() => house?.[Symbol.asyncDispose]());

function troubleOf(result: {
  readonly ok: boolean;
  readonly error?: { readonly kind: string; readonly sentence?: string };
}): string {
  assert.ok(!result.ok && result.error);
  return result.error.sentence ?? result.error.kind;
}

function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

async function file(): Promise<string> {
  const filed = await house.members.mara.work.fileRequest({ given: GIVEN, plainTarget: TARGET, documents: [DOCUMENT] });
  return must(filed).filing;
}

const refusal = (filing: string): PlainVerdict => ({
  filing,
  verdict: 'REJECT',
  reasons: ['INADMISSIBLE_CHANNEL'],
  items: null,
});

test('before there is a policy everybody of the desk sees their own key, and nobody can file', async () => {
  const { mara } = house.members;
  const look = (await (await mara.person.reach('/desk')).json()) as Record<string, unknown>;
  assert.deepEqual([look['me'], look['policy'], look['entries']], [null, null, 0]);
  assert.match(mara.own.certificate, /BEGIN PGP PUBLIC KEY BLOCK/);
  assert.equal(troubleOf(await mara.work.deskFounders()), 'gone');
  assert.equal(
    troubleOf(await mara.work.fileRequest({ given: GIVEN, plainTarget: TARGET, documents: [] })),
    'not-trusted',
  );
  assert.equal((await mara.person.reach('/desk/filings')).status, 409);
});

test('a policy is believed once a person has confirmed who founded it', async () => {
  await house.putPolicy();
  const { mara, jonas, leyla } = house.members;
  assert.equal(troubleOf(await mara.work.deskPolicy()), 'not-trusted');
  const founders = must(await mara.work.deskFounders());
  assert.deepEqual(founders.map(({ fingerprint }) => fingerprint).toSorted(), house.founders.toSorted());
  const others = [...house.founders.slice(1), mara.own.fingerprint];
  assert.equal(troubleOf(await mara.work.confirmDeskFounders(others)), 'policy-altered');
  assert.equal(troubleOf(await mara.work.confirmDeskFounders(house.founders.slice(1))), 'policy-altered');
  for (const { work } of [mara, jonas, leyla]) must(await work.confirmDeskFounders(house.founders));
  const policy = must(await mara.work.deskPolicy());
  assert.deepEqual(
    policy.roster.map(({ role }) => role),
    ['CLERK', 'OFFICER', 'LAWYER'],
  );
});

test('a fax is filed, its case opened by the three, refused by two; the register holds and says nothing of the person', async () => {
  const { mara, jonas, leyla } = house.members;
  const filing = await file();
  for (const { work } of [mara, jonas, leyla]) {
    const opened = must(await work.openCase(filing));
    assert.deepEqual(opened.targets, [{ target: TARGET, isCommitted: true }]);
    assert.deepEqual(opened.documents, [DOCUMENT]);
  }
  assert.match(troubleOf(await mara.work.giveVerdict(refusal(filing))), /role/);
  assert.equal(must(await jonas.work.giveVerdict(refusal(filing))).state, 'LEGAL_REVIEW');
  assert.match(troubleOf(await jonas.work.giveVerdict(refusal(filing))), /LEGAL_REVIEW/);
  assert.equal(must(await leyla.work.giveVerdict(refusal(filing))).state, 'REJECTED_FORMAL');
  const shown = (await (await leyla.person.reach(`/desk/filings/${filing}`)).json()) as Record<string, unknown>;
  assert.equal(shown['mayReview'], false);
  assert.equal(shown['filedBy'], 'Mara Kaya');
  assert.ok(!JSON.stringify(shown).includes('canary'));
  const verified = await house.siegel('report', 'verify');
  assert.deepEqual(verified['findings'], []);
});

test('a document that came later makes both look again; who has not seen it cannot sign', async () => {
  const { mara, jonas } = house.members;
  const filing = await file();
  must(await jonas.work.giveVerdict(refusal(filing)));
  must(await mara.work.addToCase(filing, [{ name: 'Nachtrag.pdf', bytes: Uint8Array.of(1) }]));
  assert.equal(must(await jonas.work.openCase(filing)).documents.length, 2);
  assert.equal(must(await jonas.work.giveVerdict(refusal(filing))).state, 'LEGAL_REVIEW');
});

test('nobody else: no session, no role, no place in the roster, not even the operator', async () => {
  const filing = await file();
  const paths = ['/desk/filings', `/desk/filings/${filing}`, '/desk/policies', '/desk'];
  const anonymous = await Promise.all(paths.map(async (path) => (await fetch(house.program.url + path)).status));
  assert.deepEqual(anonymous, [401, 401, 401, 401]);
  const [member, operator, lawyer] = [
    await house.join('mia', 'member'),
    await house.join('omar', 'operator'),
    await house.join('rolf', 'lawyer'),
  ];
  const statusesOf = ({ person }: DeskMember) =>
    Promise.all(paths.map(async (path) => (await person.reach(path)).status));
  assert.deepEqual(await statusesOf(member), [403, 403, 403, 403]);
  assert.deepEqual(await statusesOf(operator), [403, 403, 403, 403]);
  // a lawyer who is not in the roster sees the policy and their own key
  assert.deepEqual(await statusesOf(lawyer), [403, 403, 200, 200]);
  must(await lawyer.work.confirmDeskFounders(house.founders));
  assert.equal(troubleOf(await lawyer.work.giveVerdict(refusal(filing))), 'not-in-roster');
  assert.equal(troubleOf(await lawyer.work.openCase(filing)), 'not-allowed');
  const posted = await lawyer.person.reach('/desk/filings', {
    method: 'POST',
    body: JSON.stringify({ given: GIVEN, caseFile: null }),
  });
  assert.equal(posted.status, 403);
});

test('what is badly asked is refused, and nothing is written', async () => {
  const { mara, jonas } = house.members;
  const before = await house.siegel('desk', 'show');
  const post = async ({ person }: DeskMember, path: string, body: unknown): Promise<number> =>
    (
      await person.reach(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).status;
  const filing = '2026-0001';
  assert.equal(await post(mara, '/desk/filings', { given: { ...GIVEN, channel: 'PIGEON' }, caseFile: null }), 409);
  assert.equal(await post(mara, '/desk/filings', { given: GIVEN }), 400);
  assert.equal(await post(mara, '/desk/filings', { given: GIVEN, caseFile: null, by: 'Jonas Brandt' }), 400);
  assert.equal(
    await post(jonas, `/desk/filings/${filing}/statement`, { verdict: 'MAYBE', reasons: [], items: null }),
    400,
  );
  assert.equal(
    await post(jonas, '/desk/filings/2026-9999/statement', { verdict: 'ADMIT', reasons: [], items: null }),
    409,
  );
  assert.equal(await post(jonas, `/desk/filings/${filing}/review`, { statement: '{}', signature: 'x' }), 409);
  assert.equal((await jonas.person.reach('/desk/filings/2026-9999')).status, 404);
  assert.equal((await jonas.person.reach(`/desk/files/${'0'.repeat(64)}`)).status, 404);
  assert.equal((await jonas.person.reach('/desk/filings?year=x')).status, 400);
  const rogue = await house.join('eve', 'clerk');
  const toRogue = toBase64Url(
    await sealCaseFile({ targets: [], documents: [] }, [...rosterOf(house.members), rogue.own]),
  );
  assert.equal(await post(mara, '/desk/filings', { given: GIVEN, caseFile: toRogue }), 409);
  const unclosed = await post(mara, `/desk/filings/${filing}/draft`, {
    letterKind: 'REJECTION',
    language: 'de',
    reasons: [],
  });
  assert.equal(unclosed, 200);
  const after = await house.siegel('desk', 'show');
  assert.equal(after['head'], before['head']);
});

/** The client of a member to whom a server in between tells something else. */
function lying(member: DeskMember, change: (path: string, text: string) => string): DeskWork {
  const reach: typeof fetch = async (input, init) => {
    const answer = await member.session.reach(input, init);
    const text = await answer.text();
    return new Response(change(typeof input === 'string' ? input : '', text), {
      status: answer.status,
      headers: answer.headers,
    });
  };
  return createDeskWork({ ...member.session, reach }, systemClock);
}

test('a server that shows another roster, or wants something else signed, gets nothing', async () => {
  const { mara, jonas } = house.members;
  const rogue = await house.join('ina', 'lawyer');
  const filing = await file();
  const swapped = lying(mara, (path, text) => {
    if (path !== '/desk/policies') return text;
    const { links } = JSON.parse(text) as { links: { text: string; signatures: string[] }[] };
    const policy = JSON.parse(links[0]?.text ?? '') as { roster: object[] };
    const roster = [...policy.roster, { name: 'Ina', role: 'LAWYER', ...rogue.own }];
    return JSON.stringify({ links: [{ ...links[0], text: canonicalJson({ ...policy, roster }) }] });
  });
  const wish = { given: GIVEN, plainTarget: TARGET, documents: [] };
  assert.equal(troubleOf(await swapped.fileRequest(wish)), 'policy-altered');
  // one that was signed by other people
  const forged = lying(mara, (path, text) => {
    if (path !== '/desk/policies') return text;
    const { links } = JSON.parse(text) as { links: { text: string; signatures: string[] }[] };
    return JSON.stringify({ links: links.map((link) => ({ ...link, signatures: link.signatures.slice(1) })) });
  });
  assert.equal(troubleOf(await forged.fileRequest(wish)), 'policy-altered');
  const none = lying(mara, (path, text) => (path === '/desk/policies' ? '{"links":[]}' : text));
  assert.equal(troubleOf(await none.fileRequest(wish)), 'policy-altered');
  const changes: readonly ((statement: Record<string, unknown>) => object)[] = [
    (one) => ({ ...one, verdict: 'ADMIT', reasons: [] }),
    (one) => ({ ...one, filing: '2026-0001' }),
    (one) => ({ ...one, reasons: ['OVERBROAD'] }),
    (one) => ({ ...one, caseFiles: [] }),
    (one) => ({ ...one, policy: '0'.repeat(64) }),
    (one) => ({ ...one, signedAt: '2020-01-01T00:00:00Z' }),
    (one) => ({ ...one, fingerprint: mara.own.fingerprint }),
    (one) => ({ ...one, role: 'LAWYER' }),
    (one) => ({ ...one, more: 'than was said' }),
  ];
  for (const [at, changed] of changes.entries()) {
    const other = lying(jonas, (path, text) => {
      if (!path.endsWith('/statement')) return text;
      const { statement } = JSON.parse(text) as { statement: string };
      return JSON.stringify({ statement: canonicalJson(changed(JSON.parse(statement) as Record<string, unknown>)) });
    });
    assert.equal(troubleOf(await other.giveVerdict(refusal(filing))), 'other-statement', `change ${at}`);
  }
  const foreign = lying(jonas, (path, text) => {
    if (!path.startsWith('/desk/files/')) return text;
    return JSON.stringify({ sealed: toBase64Url(new TextEncoder().encode('another file')) });
  });
  assert.equal(troubleOf(await foreign.openCase(filing)), 'not-openable');
  must(await jonas.work.giveVerdict(refusal(filing)));
});

test('twin: whoever believes the server about the roster seals to the rogue key', async () => {
  const { mara } = house.members;
  const rogue = await house.join('kai', 'lawyer');
  const shown = [...rosterOf(house.members), { name: 'Kai', role: 'LAWYER', ...rogue.own }];
  const sealed = await sealCaseFile(
    { targets: [{ target: TARGET, random: new Uint8Array(32) }], documents: [] },
    shown,
  );
  const openpgp = await import('openpgp');
  const { privateKeysOf } = await import('#vault/sealing/client/open-letter.ts');
  const message = await openpgp.readMessage({ binaryMessage: sealed });
  const decryptionKeys = await privateKeysOf(rogue.session.account.keyring);
  const { data } = await openpgp.decrypt({ message, decryptionKeys, format: 'utf8' });
  assert.ok(String(data).includes(TARGET));
  // the server takes it no more than the client makes it
  const post = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ given: GIVEN, caseFile: toBase64Url(Uint8Array.from(sealed)) }),
  };
  assert.equal((await mara.person.reach('/desk/filings', post)).status, 409);
});

/** By mail from our own network, where nobody is asked for a proof; what came last. */
async function mailed(lines: readonly string[]): Promise<PlainLetter> {
  const { mara } = house.members;
  await using smtp = await openSmtp(house.program.smtpPort);
  const bytes = Buffer.from(lines.join('\r\n'));
  const taken = await smtp.send({ from: 'lang@sta.invalid', to: [DESK_ADDRESS], bytes });
  assert.equal(taken.code, 250, taken.text);
  const answer = await mara.person.reach('/desk/arrivals');
  const { arrivals } = v.parse(deskAnswers.arrivals, await answer.json());
  const [document, ...others] = must(await mara.work.openArrival(arrivals.at(-1)?.file ?? ''));
  assert.deepEqual(others, []);
  assert.ok(Buffer.from(document?.bytes ?? []).includes(bytes), 'as it came, to the byte');
  return document?.letter ?? assert.fail('a letter');
}

const HEAD = [
  'From: Frau Lang <lang@sta.invalid>',
  `To: ${DESK_ADDRESS}`,
  'Date: Sun, 22 Nov 2026 10:20:00 +0000',
  'Authentication-Results: siegel.test; dmarc=pass header.from=sta.invalid',
  'MIME-Version: 1.0',
];

test('a letter that came by mail is read: text, files, and nothing that it says of its own origin', async () => {
  const letter = await mailed([
    ...HEAD,
    'Subject: Bestandsdaten',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `Wem gehört ${TARGET}?`,
    '--b',
    'Content-Type: application/pdf; name="../Beschluss.pdf"',
    'Content-Transfer-Encoding: base64',
    '',
    'JVBERg==',
    '--b--',
    '',
  ]);
  const { files, ...shown } = letter;
  assert.deepEqual(shown, {
    from: 'Frau Lang <lang@sta.invalid>',
    subject: 'Bestandsdaten',
    dateMs: Date.parse('2026-11-22T10:20:00Z'),
    origin: 'unasked',
    seal: 'none',
    text: `Wem gehört ${TARGET}?`,
  });
  assert.deepEqual(files.map(({ name, bytes }) => [name.includes('/'), new TextDecoder().decode(bytes)]), [[false, '%PDF']]); // prettier-ignore
});

test('an encrypted one is opened too, by whom it is encrypted to; to other keys it stays closed', async () => {
  const openpgp = await import('openpgp');
  const inside = `Subject: Az. 4711\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBestandsdaten zu ${TARGET}\r\n`;
  const wrapped = async (certificates: readonly string[], text: string): Promise<readonly string[]> => {
    const encryptionKeys = await Promise.all(certificates.map((armoredKey) => openpgp.readKey({ armoredKey })));
    const message = await openpgp.createMessage({ text });
    return (await openpgp.encrypt({ message, encryptionKeys })).trimEnd().split('\n');
  };
  const entity = (armored: readonly string[]): readonly string[] => [
    ...HEAD,
    'Subject: ...',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
    '',
    '--b',
    'Content-Type: application/pgp-encrypted',
    '',
    'Version: 1',
    '--b',
    'Content-Type: application/octet-stream',
    '',
    ...armored.map((line) => line.trimEnd()),
    '--b--',
    '',
  ];
  const roster = rosterOf(house.members).map(({ certificate }) => certificate);
  const opened = await mailed(entity(await wrapped(roster, inside)));
  assert.deepEqual([opened.seal, opened.subject, opened.text], ['opened', 'Az. 4711', `Bestandsdaten zu ${TARGET}`]);
  const inline = await mailed([...HEAD, 'Subject: inline', '', ...(await wrapped(roster, TARGET)).map((line) => line.trimEnd()), '']); // prettier-ignore
  assert.deepEqual([inline.seal, inline.subject, inline.text], ['opened', 'inline', TARGET]);
  const { publicKey } = await openpgp.generateKey({ userIDs: [{ name: 'Somebody else' }] });
  const closed = await mailed(entity(await wrapped([publicKey], inside)));
  assert.deepEqual([closed.seal, closed.text, closed.files], ['closed', '', []]);
});

test('what somebody of the house writes on the page comes to the desk too, and is in no mailbox but their own', async () => {
  const { mara, jonas } = house.members;
  const list = async (): Promise<readonly { readonly file: string }[]> =>
    v.parse(deskAnswers.arrivals, await (await mara.person.reach('/desk/arrivals')).json()).arrivals;
  const before = (await list()).length;
  const mail = await openMailbox(jonas.person);
  const draft = await draftFor(mail, DESK_ADDRESS, { subject: 'Weitergeleitet', plainText: `Es geht um ${TARGET}` });
  const sent = await mail.send(draft, { undoMs: 0, sendAtMs: undefined, unsealed: [DESK_ADDRESS] });
  assert.ok(sent.ok, JSON.stringify(sent));
  const arrived = await until(async () => (await list())[before], 'the letter at the desk');
  const [document] = must(await mara.work.openArrival(arrived.file));
  assert.deepEqual(
    [document?.letter?.subject, document?.letter?.text, document?.letter?.origin],
    ['Weitergeleitet', `Es geht um ${TARGET}`, 'unasked'],
  );
});

test('a later policy is followed; the one before it, shown again, is not', async () => {
  const { mara, leyla } = house.members;
  const old = await (await mara.person.reach('/desk/policies')).text();
  const { policy } = (await house.siegel('desk', 'show')) as { policy: { sha256: string } };
  const roster = rosterOf(house.members).map((one) =>
    one.role === 'CLERK' ? { ...one, name: 'Mara Kaya-Grün' } : one,
  );
  await house.putPolicy(roster, policy.sha256);
  assert.equal(must(await mara.work.deskPolicy()).roster[0]?.name, 'Mara Kaya-Grün');
  const behind = lying(mara, (path, text) => (path === '/desk/policies' ? old : text));
  assert.equal(troubleOf(await behind.deskPolicy()), 'policy-altered');
  assert.equal(must(await leyla.work.deskPolicy()).roster[0]?.name, 'Mara Kaya-Grün');
  assert.match(await signAsMember(leyla, 'x'), /BEGIN PGP SIGNATURE/);
});
