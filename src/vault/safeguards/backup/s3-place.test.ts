// What a store on the net is asked, and how its answers are taken: locks where it has them, patience where it is busy, clear words else.

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { describe, it } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { secondPlace } from '#base/config/values.ts';
import { limits } from '#base/limits.ts';
import { createOutgoing } from '#base/outgoing/outgoing.ts';
import { ok } from '#base/result.ts';
import { PlaceProblem } from './place.ts';
import { S3Place } from './s3-place.ts';

const NAME = 'ab'.repeat(32);
type Answer = readonly [status: number, body: string];

async function openStore(
  answer: (asked: IncomingMessage) => Answer,
): Promise<AsyncDisposable & { readonly place: S3Place; readonly asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request);
    request.resume().on('end', () => {
      const [status, body] = answer(request);
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const where = secondPlace(`s3+http://127.0.0.1:${port}/house-backups/one?region=eu-central-1`);
  assert.ok(where?.kind === 's3');
  const place = new S3Place({
    where,
    login: { accessKey: 'key', secretKey: 'secret' },
    outgoing: createOutgoing({ resolve: async () => ok(['127.0.0.1']), mayPrivate: true }),
    clock: manualClock(Date.UTC(2026, 4, 1)),
  });
  return {
    place,
    asked,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const isProblem =
  (kind: string, code?: string) =>
  (cause: unknown): boolean =>
    cause instanceof PlaceProblem && cause.kind === kind && (code === undefined || cause.code.includes(code));

describe('a store on the net', () => {
  it('locks what it is given until its time, and says that it keeps it', async () => {
    await using store = await openStore(({ method }) =>
      method === 'DELETE' ? [403, '<Error><Code>ObjectLocked</Code></Error>'] : [200, ''],
    );
    await store.place.write('objects', NAME, Buffer.from('x'), Date.UTC(2026, 4, 31));
    const [{ headers, url } = assert.fail()] = store.asked;
    assert.equal(url, `/house-backups/one/objects/${NAME}`);
    assert.equal(headers['x-amz-object-lock-mode'], 'COMPLIANCE');
    assert.equal(headers['x-amz-object-lock-retain-until-date'], '2026-05-31T00:00:00.000Z');
    assert.match(
      headers.authorization ?? '',
      /^AWS4-HMAC-SHA256 Credential=key\/20260501\/eu-central-1\/s3\/aws4_request/,
    );
    assert.ok(store.place.hasLocks);
    await assert.rejects(store.place.remove('objects', NAME), isProblem('placeKeeps', 'ObjectLocked'));
  });

  it('that has no locks is given it without', async () => {
    await using store = await openStore(({ headers }) =>
      headers['x-amz-object-lock-mode'] === undefined
        ? [200, '']
        : [
            400,
            '<Error><Code>InvalidRequest</Code><Message>Bucket is missing Object Lock Configuration</Message></Error>',
          ],
    );
    await store.place.write('objects', NAME, Buffer.from('x'), Date.UTC(2026, 4, 31));
    assert.ok(!store.place.hasLocks);
    assert.equal(store.asked.length, 2);
  });

  it('that is busy is asked again, a few times; what it refuses has a name', async () => {
    let busy = 1;
    await using store = await openStore(() => (busy-- > 0 ? [503, ''] : [404, '']));
    assert.equal(await store.place.read('objects', NAME), undefined);
    busy = 100;
    await assert.rejects(store.place.read('objects', NAME), isProblem('placeUnreachable', '503'));
    assert.equal(store.asked.length, 2 + limits.backup.triesMax);
    await using strict = await openStore(() => [403, '<Error><Code>AccessDenied</Code></Error>']);
    await assert.rejects(strict.place.list('backups'), isProblem('placeForbidden', 'AccessDenied'));
    await using full = await openStore(() => [403, '<Error><Code>QuotaExceeded</Code></Error>']);
    await assert.rejects(full.place.write('objects', NAME, Buffer.from('x')), isProblem('placeFull'));
  });

  it('lists page by page and passes over what is not ours', async () => {
    const entry = (key: string): string =>
      `<Contents><Key>one/backups/${key}</Key><LastModified>2026-05-01T00:00:00.000Z</LastModified><Size>7</Size></Contents>`;
    await using store = await openStore(({ url = '' }) =>
      url.includes('continuation-token=next')
        ? [200, `<R><IsTruncated>false</IsTruncated>${entry('20260502-030000-aaaaaa.manifest')}</R>`]
        : [
            200,
            `<R><IsTruncated>true</IsTruncated><NextContinuationToken>next</NextContinuationToken>${entry('20260501-030000-aaaaaa.manifest')}${entry('README')}</R>`,
          ],
    );
    const listed = await store.place.list('backups');
    assert.deepEqual(
      listed.map(({ name, bytes, writtenMs }) => [name, bytes, writtenMs]),
      ['20260501', '20260502'].map((day) => [`${day}-030000-aaaaaa.manifest`, 7, Date.UTC(2026, 4, 1)]),
    );
  });
});

it('a second place is a folder or a bucket, and nothing else is taken for one', () => {
  assert.deepEqual(secondPlace('s3://s3.example.org/house-backups'), {
    kind: 's3',
    origin: 'https://s3.example.org',
    bucket: 'house-backups',
    prefix: '',
    region: 'us-east-1',
  });
  assert.deepEqual(secondPlace('/mnt/elsewhere'), { kind: 'folder', path: '/mnt/elsewhere' });
  for (const text of [
    's3://',
    's3://host',
    's3://user@host/bucket',
    's3://host/Bu',
    's3://host/bucket/../x y',
    'ftp://host/x',
    'https://host/bucket',
  ])
    assert.equal(secondPlace(text), undefined, text);
});
