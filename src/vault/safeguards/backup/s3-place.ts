// Backups in a bucket of a store that speaks S3, through the one door for HTTP; locked until their time where the store can.

import { hash } from 'node:crypto';
import type { Clock } from '#base/clock.ts';
import type { SecondPlace } from '#base/config/values.ts';
import { limits } from '#base/limits.ts';
import type { Outgoing, OutgoingAnswer } from '#base/outgoing/outgoing.ts';
import { isShelfName, PlaceProblem, type Place, type PlaceProblemKind, type Shelf, type Shelved } from './place.ts';
import { canonicalQuery, signS3, type S3Login } from './s3-signature.ts';

export interface S3PlaceOptions {
  readonly where: Extract<SecondPlace, { readonly kind: 's3' }>;
  readonly login: S3Login;
  readonly outgoing: Outgoing;
  readonly clock: Clock;
}

interface Question {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Below bucket and prefix; empty: the bucket itself. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

const EMPTY = new Uint8Array(0);
const LIST_BYTES_MAX = 8 * 2 ** 20;
const LOCK_REFUSED = /ObjectLock|Object Lock|NotImplemented|InvalidRequest/;

export class S3Place implements Place {
  readonly name: string;
  readonly #options: S3PlaceOptions;
  /** Until the store says that it has no locks. */
  #hasLocks = true;

  constructor(options: S3PlaceOptions) {
    const { origin, bucket, prefix } = options.where;
    this.name = `s3://${new URL(origin).host}/${[bucket, prefix].filter((part) => part !== '').join('/')}`;
    this.#options = options;
  }

  /** Whether what lies there is locked by the store itself. */
  get hasLocks(): boolean {
    return this.#hasLocks;
  }

  async list(shelf: Shelf): Promise<readonly Shelved[]> {
    const found: Shelved[] = [];
    let token: string | undefined;
    do {
      const query = {
        'list-type': '2',
        prefix: `${this.#keyOf(shelf)}/`,
        ...(token && { 'continuation-token': token }),
      };
      const { body } = await this.#must({ method: 'GET', key: '', query }, [200]);
      const text = Buffer.from(body).toString('utf8');
      for (const [, entry = ''] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        const name = tagOf(entry, 'Key').split('/').at(-1) ?? '';
        const bytes = Number(tagOf(entry, 'Size'));
        if (isShelfName(shelf, name)) found.push({ name, bytes, writtenMs: Date.parse(tagOf(entry, 'LastModified')) });
      }
      token = tagOf(text, 'IsTruncated') === 'true' ? tagOf(text, 'NextContinuationToken') : undefined;
    } while (token !== undefined && token !== '');
    return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async size(shelf: Shelf, name: string): Promise<number | undefined> {
    const answer = await this.#must({ method: 'HEAD', key: this.#keyOf(shelf, name) }, [200, 404]);
    return answer.status === 404 ? undefined : Number(answer.headers['content-length'] ?? 0);
  }

  async read(shelf: Shelf, name: string): Promise<Buffer | undefined> {
    const answer = await this.#must({ method: 'GET', key: this.#keyOf(shelf, name) }, [200, 404]);
    return answer.status === 404 ? undefined : Buffer.from(answer.body);
  }

  async write(shelf: Shelf, name: string, bytes: Uint8Array, keepUntilMs?: number): Promise<void> {
    const key = this.#keyOf(shelf, name);
    const headers = { 'content-md5': Buffer.from(hash('md5', bytes, 'buffer')).toString('base64') };
    if (keepUntilMs !== undefined && this.#hasLocks) {
      const until = new Date(keepUntilMs).toISOString();
      const locked = {
        ...headers,
        'x-amz-object-lock-mode': 'COMPLIANCE',
        'x-amz-object-lock-retain-until-date': until,
      };
      const answer = await this.#ask({ method: 'PUT', key, headers: locked, body: bytes });
      if (answer.status === 200) return;
      if (!LOCK_REFUSED.test(Buffer.from(answer.body).toString('utf8'))) throw this.#problem(answer);
      this.#hasLocks = false;
    }
    await this.#must({ method: 'PUT', key, headers, body: bytes }, [200]);
  }

  async remove(shelf: Shelf, name: string): Promise<void> {
    await this.#must({ method: 'DELETE', key: this.#keyOf(shelf, name) }, [200, 204, 404]);
  }

  #keyOf(shelf: Shelf, name?: string): string {
    if (name !== undefined && !isShelfName(shelf, name)) throw new Error('not a name of that shelf');
    return [this.#options.where.prefix, shelf, name].filter((part) => part !== undefined && part !== '').join('/');
  }

  async #must(question: Question, statuses: readonly number[]): Promise<OutgoingAnswer> {
    const answer = await this.#ask(question);
    if (!statuses.includes(answer.status)) throw this.#problem(answer);
    return answer;
  }

  /** A store that is busy, or a connection that breaks, is asked again: every question may be put twice. */
  async #ask(question: Question): Promise<OutgoingAnswer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#askOnce(question);
      const isPassing = answer.ok ? answer.value.status >= 500 : true;
      if (answer.ok && (!isPassing || tries === limits.backup.triesMax)) return answer.value;
      if (!answer.ok && tries === limits.backup.triesMax)
        throw new PlaceProblem('placeUnreachable', this.name, answer.error.kind);
    }
  }

  #askOnce({ method, key, query = {}, headers = {}, body }: Question): ReturnType<Outgoing['request']> {
    const { where, login, outgoing, clock } = this.#options;
    const path = `/${[where.bucket, ...key.split('/')].filter((part) => part !== '').join('/')}`;
    const question = {
      method,
      host: new URL(where.origin).host,
      path,
      query,
      headers,
      body: body ?? EMPTY,
      region: where.region,
      nowMs: clock.nowMs(),
    };
    const search = canonicalQuery(query);
    return outgoing.request('backup-place', {
      url: `${where.origin}${path}${search === '' ? '' : `?${search}`}`,
      method,
      headers: signS3(question, login),
      timeoutMs: limits.backup.placeWaitMs,
      bytesMax: key === '' ? LIST_BYTES_MAX : limits.backup.manifestBytes,
      ...(body === undefined ? {} : { body }),
    });
  }

  #problem({ status, body }: OutgoingAnswer): PlaceProblem {
    const code = tagOf(Buffer.from(body).toString('utf8'), 'Code').slice(0, 60);
    return new PlaceProblem(kindOf(status, code), this.name, `${status}${code === '' ? '' : ` ${code}`}`);
  }
}

function kindOf(status: number, code: string): PlaceProblemKind {
  if (/Quota|Storage|507/.test(`${code}${status}`)) return 'placeFull';
  if (/Locked|Retention/.test(code)) return 'placeKeeps';
  return status === 401 || status === 403 ? 'placeForbidden' : 'placeUnreachable';
}

/** The text of the first element of that name; the names and codes we look for need no unescaping. */
function tagOf(xml: string, tag: string): string {
  return new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml)?.[1] ?? '';
}
