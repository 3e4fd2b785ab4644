// A package: for each admitted item what its job hands over, as files of a tar archive with contents.json at its end. Exactly the fields of the matrix, or it does not come about.

import { createHash } from 'node:crypto';
import { limits } from '#base/limits.ts';
import { canonicalBytes, canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { calendarOf } from '#formats/desk/calendar-day.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import type { Digest, FilingItem, FilingNumber, Fingerprint } from '#formats/desk/model.ts';
import type { AccountId } from '#base/ids.ts';
import { disclosureMatrix, fieldNamesOf, pathsOf } from './disclosure-matrix.ts';
import type { DisclosureReader } from './disclosure-reader.ts';
import { jobs as houseJobs, secondOf } from './jobs.ts';
import { tarEnd, tarFile } from './tar.ts';

export interface ItemToCollect extends Pick<FilingItem, 'kind' | 'from' | 'until'> {
  /** Its place in the filing. */
  readonly item: number;
  readonly target: string;
  /** Undefined: nobody here has that address. */
  readonly account: AccountId | undefined;
}

export interface PackageOrder {
  readonly filing: FilingNumber;
  readonly recipient: Fingerprint;
  readonly items: readonly ItemToCollect[];
  readonly zone: string;
  readonly nowMs: number;
}

export interface PackageFacts {
  /** "SUBSCRIBER.addresses"; in the order of the matrix. Empty: nothing is held. */
  readonly fields: readonly string[];
  /** SHA-256 of the archive. */
  readonly package: Digest;
  readonly bytes: number;
}

export class PackageTooLarge extends Error {
  constructor() {
    super('the package is too large');
    this.name = 'PackageTooLarge';
  }
}

const WHAT = 'siegel desk package 1';

/** `jobs`: another set only in tests. */
export async function writePackage(
  order: PackageOrder,
  reader: DisclosureReader,
  write: (chunk: Uint8Array) => Promise<void>,
  jobs: typeof houseJobs = houseJobs,
): Promise<PackageFacts> {
  const archive = new Archive(write);
  const fields: string[] = [];
  const items: object[] = [];
  const dayOf = calendarOf(order.zone);
  for (const { item, kind, target, account, from, until } of order.items) {
    const job = jobs[kind];
    const keep = (bytes: Uint8Array): ReturnType<Archive['letter']> => archive.letter(item, bytes);
    const isAble = job !== undefined && account !== undefined;
    const data = isAble ? await job(reader, { account, from, until }, { dayOf, keep }) : undefined;
    const isHeld = data !== undefined;
    if (isHeld) requireNamed(fieldNamesOf(kind), pathsOf(data));
    if (isHeld) fields.push(...fieldNamesOf(kind).map((name) => `${kind}.${name}`));
    items.push({
      item,
      kind,
      target,
      from,
      until,
      isHeld,
      data: data ?? null,
      most: disclosureMatrix[kind].most,
    });
  }
  const { filing, recipient, nowMs } = order;
  const contents = { what: WHAT, filing, recipient, collectedAt: secondOf(nowMs), items };
  await archive.file('contents.json', canonicalBytes(contents));
  const { digest, bytes } = await archive.end();
  return { fields: [...new Set(fields)], package: digest, bytes };
}

/** A job that hands over more than the matrix says, or less, is wrong: nothing is handed over. */
function requireNamed(named: readonly string[], given: readonly string[]): void {
  const more = given.filter((name) => !named.includes(name));
  const less = named.filter((name) => !given.includes(name));
  if (more.length > 0 || less.length > 0) throw new Error(`not as the matrix says: ${canonicalJson({ more, less })}`);
}

class Archive {
  readonly #write: (chunk: Uint8Array) => Promise<void>;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #letters = 0;

  constructor(write: (chunk: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  async letter(item: number, bytes: Uint8Array): Promise<{ readonly file: string; readonly sha256: string }> {
    this.#letters += 1;
    if (this.#letters > limits.deskFulfilment.lettersMax) throw new PackageTooLarge();
    const file = `letters/${item}/${String(this.#letters).padStart(7, '0')}.pgp`;
    await this.file(file, bytes);
    return { file, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  async file(name: string, bytes: Uint8Array): Promise<void> {
    for (const part of tarFile(name, bytes)) await this.#add(part);
  }

  async end(): Promise<{ readonly digest: Digest; readonly bytes: number }> {
    await this.#add(tarEnd());
    return { digest: parseDigest(this.#hash.digest('hex')), bytes: this.#bytes };
  }

  async #add(part: Uint8Array): Promise<void> {
    if (part.length === 0) return;
    this.#bytes += part.length;
    if (this.#bytes > limits.deskFulfilment.packageBytes) throw new PackageTooLarge();
    this.#hash.update(part);
    await this.#write(part);
  }
}
