// Writing as a person knows it: what was written is kept, what was sent leaves once, sealed for whom it can be, and can be taken back.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { manualClock } from '#base/clock.ts';
import { readLetter } from '#formats/message/letter-view.ts';
import { decideSign } from '#vault/sealing/open.ts';
import { makeMailbox, NOW_MS, type TestMailbox } from '#vault/sealing/test-mailbox.ts';
import type { Draft, SendOptions, Writing } from '#web/writing.ts';
import { SealedServer, sessionAt } from '../../../../test/fakes/sealed-server.ts';
import { createPageOpener } from '../open-for-page.ts';
import type { OpenSession } from '../open-session.ts';
import { createPinnedKeys } from '../pinned-keys.ts';
import { createWriting } from './writing-client.ts';

const [anna, ben, cora] = await Promise.all(['anna', 'ben', 'cora'].map((name) => makeMailbox(`${name}@siegel.test`)));
const writer = requireValue(anna, 'anna');
const reader = requireValue(ben, 'ben');
const other = requireValue(cora, 'cora');
const at = (address: string, name = '') => ({ name, address });
const OPTIONS: SendOptions = { undoMs: 10_000, sendAtMs: undefined, unsealed: [] };

interface Desk {
  readonly server: SealedServer;
  readonly writing: Writing;
  readonly session: OpenSession;
  readonly clock: ReturnType<typeof manualClock>;
  /** The same account on another device. */
  elsewhere(): Promise<Writing>;
}

async function desk(): Promise<Desk> {
  const server = new SealedServer(['anna@siegel.test']);
  for (const one of [writer, reader, other])
    server.keys.set(one.address, { source: 'house', certificate: one.made.certificate });
  server.keys.set('nobody@siegel.test', { source: 'house', deliverable: false });
  const clock = manualClock(NOW_MS);
  const open = async () => {
    const session = await sessionAt(server, writer);
    return { session, writing: createWriting(session, clock, () => []) };
  };
  const { session, writing } = await open();
  return { server, writing, session, clock, elsewhere: async () => (await open()).writing };
}

const draftTo = (to: readonly string[], more: Partial<Draft> = {}): Draft => ({
  id: undefined,
  identityId: 'I0',
  to: to.map((address) => at(address)),
  cc: [],
  bcc: [],
  subject: 'Der Weinberg',
  plainHtml: undefined,
  plainText: 'Die Papiere sind fertig.\n',
  files: [],
  answers: undefined,
  ...more,
});

async function opened(mailbox: TestMailbox, transit: Uint8Array<ArrayBuffer>) {
  return decideSign(transit, mailbox.keyring, async () => writer.made.certificate, NOW_MS);
}

describe('sending', () => {
  it('seals for everybody with a key, sends in the clear only where the button said so, and hides hidden copies', async () => {
    const { server, writing } = await desk();
    const draft = draftTo(['ben@siegel.test', 'otto@elsewhere.test'], {
      bcc: [at('cora@siegel.test'), at('uwe@elsewhere.test')],
    });
    const unsealed = ['otto@elsewhere.test', 'uwe@elsewhere.test'];
    const sent = await writing.send(draft, { ...OPTIONS, unsealed });
    assert.ok(sent.ok, JSON.stringify(sent));
    assert.equal(sent.value.submissionIds.length, 4);
    assert.deepEqual(
      server.submissions.map(({ recipients }) => recipients),
      [['ben@siegel.test'], ['otto@elsewhere.test'], ['cora@siegel.test'], ['uwe@elsewhere.test']],
    );
    const [sealed, clear, hidden] = server.submissions.map(({ transit }) => transit);
    assert.equal((await opened(reader, requireValue(sealed, 'sealed'))).sign, 'endToEnd');
    assert.equal((await opened(other, requireValue(sealed, 'sealed'))).plainInner, undefined);
    const inner = await opened(other, requireValue(hidden, 'hidden'));
    assert.equal(inner.sign, 'endToEnd');
    for (const { transit } of server.submissions) {
      const text = new TextDecoder('latin1').decode(transit);
      assert.doesNotMatch(text, /cora@|uwe@|bcc:/i);
    }
    assert.doesNotMatch(new TextDecoder().decode(requireValue(inner.plainInner, 'inner')), /cora@|uwe@/);
    assert.match(new TextDecoder().decode(clear), /^Autocrypt: addr=anna@siegel\.test; prefer-encrypt=mutual/m);
    const ids = new Set(server.submissions.map(({ transit }) => readLetter(transit).messageId));
    assert.equal(ids.size, 1);
    assert.match([...ids][0] ?? '', /^[A-Za-z0-9.-]{20,}@siegel\.test$/);
  });

  it('keeps a copy that opens here, with its hidden copies, under its own sign', async () => {
    const { server, writing, session, clock } = await desk();
    const sent = await writing.send(draftTo(['ben@siegel.test'], { bcc: [at('cora@siegel.test')] }), OPTIONS);
    assert.ok(sent.ok);
    const copy = requireValue(server.letters.get(sent.value.letterId), 'the copy');
    assert.deepEqual(Object.keys(copy.mailboxIds), [server.boxes.get('sent')]);
    assert.deepEqual(copy.keywords, { $seen: true });
    const letter = await createPageOpener(session, createPinnedKeys(session, clock), clock).open(sent.value.letterId);
    assert.ok(letter.ok);
    assert.equal(letter.value.subject, 'Der Weinberg');
    assert.equal(letter.value.plainText?.trim(), 'Die Papiere sind fertig.');
    assert.equal(letter.value.sign, 'end-to-end');
    assert.equal(readLetter(letter.value.plainOriginal).bcc[0]?.address, 'cora@siegel.test');
    const open = await writing.send(draftTo(['otto@elsewhere.test']), {
      ...OPTIONS,
      unsealed: ['otto@elsewhere.test'],
    });
    assert.ok(open.ok);
    const openCopy = await createPageOpener(session, createPinnedKeys(session, clock), clock).open(open.value.letterId);
    assert.equal(openCopy.ok && openCopy.value.sign, 'on-arrival');
  });

  it('is refused when somebody would get it unsealed whom the button did not name', async () => {
    const { server, writing } = await desk();
    const sent = await writing.send(draftTo(['ben@siegel.test', 'otto@elsewhere.test']), OPTIONS);
    assert.deepEqual(sent, { ok: false, error: { kind: 'would-be-unsealed', addresses: ['otto@elsewhere.test'] } });
    assert.equal(server.submissions.length + server.letters.size, 0);
  });

  it('is refused without recipients, to unknown addresses of the house, to too many, and when it is too large', async () => {
    const { server, writing } = await desk();
    const kindOf = async (draft: Draft) => {
      const sent = await writing.send(draft, OPTIONS);
      return sent.ok ? 'sent' : sent.error.kind;
    };
    assert.equal(await kindOf(draftTo([])), 'no-recipient');
    assert.equal(await kindOf(draftTo(['nobody@siegel.test'])), 'unknown-recipients');
    const many = Array.from({ length: 501 }, (_, n) => `p${n}@elsewhere.test`);
    assert.equal(await kindOf(draftTo(many)), 'too-many-recipients');
    const file = { name: 'a', mediaType: 'a/b', bytes: new Uint8Array(30 * 1024 * 1024), contentId: undefined };
    assert.equal(await kindOf(draftTo(['ben@siegel.test'], { files: [file] })), 'too-large');
    assert.equal(await kindOf(draftTo(['ben@siegel.test'], { identityId: 'I9' })), 'not-allowed');
    const inAYear = { ...OPTIONS, sendAtMs: NOW_MS + 365 * 86_400_000 };
    assert.deepEqual(await writing.send(draftTo(['ben@siegel.test']), inAYear), {
      ok: false,
      error: { kind: 'not-allowed' },
    });
    server.refuseSubmission = () => ({ type: 'rateLimit' });
    assert.equal(await kindOf(draftTo(['ben@siegel.test'])), 'too-many-today');
    assert.equal(server.submissions.length, 0);
  });

  it('marks the letter that is answered, stands in its conversation, and takes the mark back with the letter', async () => {
    const { server, writing } = await desk();
    const first = await writing.send(draftTo(['ben@siegel.test']), OPTIONS);
    assert.ok(first.ok);
    const answers = { id: first.value.letterId, how: 'reply' } as const;
    const second = await writing.send(draftTo(['ben@siegel.test'], { answers }), OPTIONS);
    assert.ok(second.ok);
    const parent = readLetter(requireValue(server.submissions[0], 'first').transit).messageId ?? '';
    const view = readLetter(requireValue(server.submissions[1], 'second').transit);
    assert.deepEqual(view.inReplyTo, [parent]);
    assert.deepEqual(view.references, [parent]);
    const keywords = () => server.letters.get(first.value.letterId)?.keywords;
    assert.equal(keywords()?.['$answered'], true);
    assert.ok((await writing.unsend(second.value.submissionIds)).ok);
    assert.equal(keywords()?.['$answered'], undefined);
  });
});

describe('a letter that cannot be sent at once', () => {
  const steps = [
    'upload',
    'SealedItem/set',
    'SealedEmail/set',
    'EmailSubmission/set',
    'EmailSubmission/query',
    'Email/get',
    'SealedItem/get',
  ];

  for (const isAnswerLost of [false, true]) {
    for (const step of steps) {
      it(`leaves once for each, its draft kept, when the connection breaks at ${step}${isAnswerLost ? ' and the answer is lost' : ''}`, async () => {
        const { server, writing } = await desk();
        const draft = draftTo(['ben@siegel.test', 'otto@elsewhere.test'], {
          bcc: [at('cora@siegel.test')],
          files: [{ name: 'a.txt', mediaType: 'text/plain', bytes: new Uint8Array([1, 2, 3]), contentId: undefined }],
        });
        const options = { ...OPTIONS, unsealed: ['otto@elsewhere.test'] };
        const saved = await writing.saveDraft(draft);
        assert.ok(saved.ok);
        const ready = { ...draft, id: saved.value.id };
        for (let breakAt = 1; breakAt < 30; breakAt++) {
          let count = 0;
          const breaks = (name: string) => {
            if (name === step && ++count === breakAt) throw new TypeError('the connection broke');
          };
          if (isAnswerLost && step !== 'upload') server.after = breaks;
          else {
            server.before = (name) => {
              breaks(name);
              return undefined;
            };
          }
          const tried = await writing.send(ready, options);
          server.before = () => undefined;
          server.after = () => undefined;
          if (tried.ok) break;
          assert.equal(tried.error.kind, 'no-connection');
          assert.ok(server.items.has(saved.value.id), 'the draft is there');
        }
        const sent = await writing.send(ready, options);
        assert.ok(sent.ok, JSON.stringify(sent));
        const reached = server.submissions
          .filter(({ undoStatus }) => undoStatus !== 'canceled')
          .flatMap(({ recipients }) => recipients);
        assert.deepEqual(reached.toSorted(), ['ben@siegel.test', 'cora@siegel.test', 'otto@elsewhere.test']);
        const ids = new Set(server.submissions.map(({ transit }) => readLetter(transit).messageId));
        assert.equal(ids.size, 1, 'one Message-ID for every try');
        const copies = [...server.letters.values()].filter(
          ({ mailboxIds }) => server.boxes.get('sent') !== undefined && (server.boxes.get('sent') ?? '') in mailboxIds,
        );
        assert.equal(copies.length, 1, 'one copy');
      });
    }
  }

  it('takes back what went before a refused part, and nothing is said to have been sent', async () => {
    const { server, writing } = await desk();
    server.refuseSubmission = (count) => (count === 1 ? { type: 'rateLimit' } : undefined);
    const sent = await writing.send(draftTo(['ben@siegel.test'], { bcc: [at('cora@siegel.test')] }), OPTIONS);
    assert.deepEqual(sent, { ok: false, error: { kind: 'too-many-today' } });
    assert.deepEqual(
      server.submissions.map(({ undoStatus }) => undoStatus),
      ['canceled'],
    );
    assert.equal(server.letters.size, 0, 'no copy says that it was sent');
    const [draft] = await writing.drafts();
    assert.ok(draft);
  });

  it('leaves nothing in Sent when it is given up', async () => {
    const { server, writing } = await desk();
    const saved = await writing.saveDraft(draftTo(['ben@siegel.test']));
    assert.ok(saved.ok);
    server.before = (name) => {
      if (name === 'EmailSubmission/set') throw new TypeError('the connection broke');
      return undefined;
    };
    const sent = await writing.send({ ...draftTo(['ben@siegel.test']), id: saved.value.id }, OPTIONS);
    assert.equal(sent.ok, false);
    assert.equal(server.letters.size, 1);
    assert.ok((await writing.dropDraft(saved.value.id)).ok);
    assert.equal(server.letters.size, 0);
  });

  it('is sent once when the button is pressed twice', async () => {
    const { server, writing } = await desk();
    const saved = await writing.saveDraft(draftTo(['ben@siegel.test']));
    assert.ok(saved.ok);
    const draft = { ...draftTo(['ben@siegel.test']), id: saved.value.id };
    const both = await Promise.all([writing.send(draft, OPTIONS), writing.send(draft, OPTIONS)]);
    assert.deepEqual(both[0], both[1]);
    assert.equal(server.submissions.length, 1);
  });
});

describe('taking a letter back', () => {
  it('makes it a draft again with its files, on any device, and it can be sent anew', async () => {
    const { server, writing, elsewhere } = await desk();
    const bytes = crypto.getRandomValues(new Uint8Array(5_000));
    const files = [{ name: 'Akte 14.pdf', mediaType: 'application/pdf', bytes, contentId: undefined }];
    const sent = await writing.send(draftTo(['ben@siegel.test'], { files }), OPTIONS);
    assert.ok(sent.ok);
    assert.equal((await writing.drafts()).length, 0);
    const device = await elsewhere();
    assert.deepEqual(
      (await device.waiting()).map(({ submissionIds }) => submissionIds),
      [sent.value.submissionIds],
    );
    const back = await device.unsend(sent.value.submissionIds);
    assert.ok(back.ok);
    assert.ok(!server.letters.has(sent.value.letterId), 'no Sent copy stays');
    const draft = await device.openDraft(back.value.draftId);
    assert.ok(draft.ok);
    assert.deepEqual(draft.value.files, files);
    const again = await device.send(draft.value, OPTIONS);
    assert.ok(again.ok);
    assert.equal(server.submissions.filter(({ undoStatus }) => undoStatus === 'pending').length, 1);
  });

  it('is too late when it left, and then nothing changes', async () => {
    const { server, writing } = await desk();
    const sent = await writing.send(draftTo(['ben@siegel.test']), OPTIONS);
    assert.ok(sent.ok);
    for (const one of server.submissions) one.undoStatus = 'final';
    assert.deepEqual(await writing.unsend(sent.value.submissionIds), { ok: false, error: { kind: 'left' } });
    assert.ok(server.letters.has(sent.value.letterId));
  });

  it('sends the rest after those that had left already', async () => {
    const { server, writing } = await desk();
    const draft = draftTo(['ben@siegel.test'], { bcc: [at('cora@siegel.test')] });
    const sent = await writing.send(draft, OPTIONS);
    assert.ok(sent.ok);
    requireValue(server.submissions[0], 'first').undoStatus = 'final';
    assert.deepEqual(await writing.unsend(sent.value.submissionIds), { ok: false, error: { kind: 'left' } });
    const reached = server.submissions
      .filter(({ undoStatus }) => undoStatus !== 'canceled')
      .flatMap(({ recipients }) => recipients);
    assert.deepEqual(reached.toSorted(), ['ben@siegel.test', 'cora@siegel.test']);
  });

  it('is forgotten as a draft some minutes after it left', async () => {
    const { server, writing, clock } = await desk();
    const sent = await writing.send(draftTo(['ben@siegel.test']), OPTIONS);
    assert.ok(sent.ok);
    clock.advanceMs(10 * 60_000);
    assert.equal((await writing.drafts()).length, 0);
    assert.equal((await writing.waiting()).length, 0);
    assert.ok(![...server.items.values()].some(({ collection }) => collection === 'drafts'));
  });
});

describe('a draft', () => {
  const files = [
    { name: 'Bild.png', mediaType: 'image/png', bytes: new Uint8Array([1, 2, 3]), contentId: 'one@x' },
    {
      name: 'Akte.eml',
      mediaType: 'message/rfc822',
      bytes: new TextEncoder().encode('Subject: x\n\ny'),
      contentId: undefined,
    },
  ];

  it('is continued on another device, with its files as they were', async () => {
    const { writing, elsewhere } = await desk();
    const draft = draftTo(['ben@siegel.test'], {
      files,
      plainHtml: '<p>Hallo</p>',
      cc: [at('cora@siegel.test', 'Cora')],
    });
    const saved = await writing.saveDraft(draft);
    assert.ok(saved.ok);
    const device = await elsewhere();
    const [row] = await device.drafts();
    assert.equal(row?.subject, 'Der Weinberg');
    assert.equal(row?.snippet, 'Die Papiere sind fertig.');
    const open = await device.openDraft(saved.value.id);
    assert.ok(open.ok);
    assert.deepEqual(open.value, { ...draft, id: saved.value.id });
  });

  it('writes its files again only when they changed, and leaves nothing behind when it is dropped', async () => {
    const { server, writing } = await desk();
    const saved = await writing.saveDraft(draftTo(['ben@siegel.test'], { files }));
    assert.ok(saved.ok);
    const { id } = saved.value;
    const writes = () => server.asked.filter((name) => name === 'SealedEmail/set').length;
    assert.equal(writes(), 1);
    await writing.saveDraft({ ...draftTo(['ben@siegel.test'], { files, plainText: 'anders' }), id });
    assert.equal(writes(), 1);
    await writing.saveDraft({ ...draftTo(['ben@siegel.test'], { files: files.slice(1) }), id });
    assert.equal(writes(), 2);
    assert.equal(server.letters.size, 1);
    assert.ok((await writing.dropDraft(id)).ok);
    assert.equal(server.letters.size, 0);
    assert.equal((await writing.drafts()).length, 0);
    assert.ok((await writing.dropDraft(id)).ok, 'twice does no harm');
  });

  it('is not made again by a late autosave of a letter that is on its way', async () => {
    const { writing } = await desk();
    const saved = await writing.saveDraft(draftTo(['ben@siegel.test']));
    assert.ok(saved.ok);
    const draft = { ...draftTo(['ben@siegel.test']), id: saved.value.id };
    assert.ok((await writing.send(draft, OPTIONS)).ok);
    assert.deepEqual(await writing.saveDraft(draft), { ok: false, error: { kind: 'gone' } });
    assert.equal((await writing.drafts()).length, 0);
  });

  it('of too much text is refused', async () => {
    const { writing } = await desk();
    const saved = await writing.saveDraft(draftTo([], { plainText: 'x'.repeat(1_000_000) }));
    assert.deepEqual(saved, { ok: false, error: { kind: 'too-many' } });
  });
});

describe('names of senders', () => {
  it('are given by the person and go under the seal', async () => {
    const { server, writing } = await desk();
    assert.ok((await writing.setIdentityName('I0', 'Anna Brandt')).ok);
    assert.deepEqual(await writing.identities(), [{ id: 'I0', address: 'anna@siegel.test', name: 'Anna Brandt' }]);
    assert.ok((await writing.send(draftTo(['ben@siegel.test']), OPTIONS)).ok);
    const { transit } = requireValue(server.submissions[0], 'submission');
    assert.doesNotMatch(new TextDecoder().decode(transit), /Brandt/);
    const { plainInner } = await opened(reader, transit);
    assert.equal(readLetter(requireValue(plainInner, 'inner')).from[0]?.name, 'Anna Brandt');
    assert.deepEqual(await writing.setIdentityName('I7', 'x'), { ok: false, error: { kind: 'gone' } });
  });
});
