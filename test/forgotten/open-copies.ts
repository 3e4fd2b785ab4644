// Somebody has the whole machine, its kit, and the keys of a person who kept them: which of these letters open from any copy that is left.

import { stat, readFile } from 'node:fs/promises';
import { decrypt, readMessage, readPrivateKey, type PrivateKey } from 'openpgp';
import { requireValue } from '#base/assert.ts';
import type { AccountId } from '#base/ids.ts';
import { packetHeaderLength } from '#formats/openpgp/packet.ts';
import { KEY_PACKET_BYTES } from '#formats/openpgp/pkesk.ts';
import type { KeyKit } from '../../src/vault/keykit/key-kit.ts';
import { backupKeysOf, type BackupKeys } from '../../src/vault/safeguards/backup/backup-keys.ts';
import { openObject } from '../../src/vault/safeguards/backup/sealed-object.ts';
import { openSummary, summaryKeysOf, type SummaryKeys } from '../../src/vault/sealing/client/open-summary.ts';
import type { Keyring } from '../../src/vault/sealing/client/keyring.ts';
import { filesBelow } from '../canary/disk-search.ts';
import type { KeptLetter } from '../canary/disk-values.ts';

/** A person’s letters as they once were, and the keys as the person's device had them. */
export interface Person {
  readonly accountId: AccountId;
  readonly keyring: Keyring;
  readonly letters: readonly KeptLetter[];
}

export interface Opening {
  /** Files looked into, those inside of backups too. */
  readonly files: number;
  /** Key packets to this person that lie anywhere. */
  readonly keyPackets: number;
  /** Letters whose text or summary opens. */
  readonly open: number;
  /** Below which folders what opens them lies. */
  readonly where: readonly string[];
}

interface Hunted {
  readonly person: Person;
  readonly keys: PrivateKey[];
  readonly summaryKeys: SummaryKeys;
  /** Tag, length, version, key id, algorithm: what all key packets to one person begin with. */
  readonly begin: Buffer;
  /** Letters that a key packet opens, by its bytes; tried once. */
  readonly packets: Map<string, readonly string[]>;
}

/** What lies in a file, for each person: key packets, letters whose summary opens. */
type Found = ReadonlyMap<Person, { readonly packets: readonly string[]; readonly summaries: readonly string[] }>;

const SHARED_BYTES = packetHeaderLength(KEY_PACKET_BYTES) + 1 + 8 + 1;

/** Key packets are found by whom they are for, so also such as nobody remembers; each is tried on each letter. */
export class CopyHunt {
  readonly #folder: string;
  readonly #keys: BackupKeys;
  readonly #hunted: readonly Hunted[];
  /** Files that are as they were are not read again. */
  readonly #known = new Map<string, Found>();

  private constructor(folder: string, kit: KeyKit, hunted: readonly Hunted[]) {
    this.#folder = folder;
    this.#keys = backupKeysOf(kit);
    this.#hunted = hunted;
  }

  static async begin(folder: string, kit: KeyKit, people: readonly Person[]): Promise<CopyHunt> {
    const hunted = await Promise.all(
      people.map(async (person) => ({
        person,
        keys: await Promise.all(person.keyring.openpgp.map((binaryKey) => readPrivateKey({ binaryKey }))),
        summaryKeys: await summaryKeysOf(person.keyring),
        begin: Buffer.from(requireValue(person.letters[0], 'a letter').record.keyPacket).subarray(0, SHARED_BYTES),
        packets: new Map(),
      })),
    );
    return new CopyHunt(folder, kit, hunted);
  }

  /** Every file below the folder; what is an object of a backup is opened with the kit. */
  async openings(): Promise<ReadonlyMap<Person, Opening>> {
    const found: { readonly where: string; readonly what: Found }[] = [];
    for (const path of await filesBelow(this.#folder)) {
      const what = await this.#look(path);
      if (what !== undefined) found.push({ where: path.slice(this.#folder.length + 1), what });
    }
    return new Map(this.#hunted.map((one) => [one.person, sumUp(one, found)]));
  }

  async #look(path: string): Promise<Found | undefined> {
    const facts = await stat(path).catch(() => undefined);
    if (facts === undefined) return undefined;
    const name = [path, facts.ino, facts.size, facts.mtimeMs, facts.ctimeMs].join();
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes === undefined) return undefined;
    const opened = await openObject(bytes, this.#keys);
    const found = new Map<Person, { packets: string[]; summaries: string[] }>();
    for (const hunted of this.#hunted) {
      const own = { packets: [] as string[], summaries: [] as string[] };
      for (const content of opened === undefined ? [bytes] : [bytes, opened]) {
        own.packets.push(...(await findPackets(content, hunted)));
        own.summaries.push(...(await findSummaries(content, hunted)));
      }
      found.set(hunted.person, own);
    }
    this.#known.set(name, found);
    return found;
  }
}

function sumUp(
  { person, packets }: Hunted,
  found: readonly { readonly where: string; readonly what: Found }[],
): Opening {
  const open = new Set<string>();
  const where = new Set<string>();
  const there = new Set<string>();
  for (const { where: path, what } of found) {
    const own = requireValue(what.get(person), 'what was found');
    for (const packet of own.packets) there.add(packet);
    const ids = [...own.packets.flatMap((packet) => packets.get(packet) ?? []), ...own.summaries];
    for (const id of ids) open.add(id);
    if (ids.length > 0) where.add(placeOf(path));
  }
  return { files: found.length, keyPackets: there.size, open: open.size, where: [...where].toSorted() };
}

async function findPackets(bytes: Buffer, { begin, packets, person, keys }: Hunted): Promise<readonly string[]> {
  const found: string[] = [];
  for (let at = bytes.indexOf(begin); at >= 0; at = bytes.indexOf(begin, at + 1)) {
    const packet = bytes.subarray(at, at + KEY_PACKET_BYTES);
    const name = packet.toString('latin1');
    found.push(name);
    if (packets.has(name)) continue;
    const opened: string[] = [];
    for (const letter of person.letters)
      if (await opensLetter(packet, letter, keys)) opened.push(letter.record.letterId);
    packets.set(name, opened);
  }
  return found;
}

async function findSummaries(bytes: Buffer, { person, summaryKeys }: Hunted): Promise<readonly string[]> {
  const found: string[] = [];
  for (const letter of person.letters)
    if (await opensSummary(bytes, letter, person, summaryKeys)) found.push(letter.record.letterId);
  return found;
}

function placeOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

/** The data packet is useless alone and may lie anywhere for ever: it is given. */
async function opensLetter(packet: Buffer, letter: KeptLetter, decryptionKeys: PrivateKey[]): Promise<boolean> {
  try {
    const message = await readMessage({ binaryMessage: Buffer.concat([packet, letter.packet]) });
    await decrypt({ message, decryptionKeys, format: 'binary' });
    return true;
  } catch {
    return false;
  }
}

async function opensSummary(
  bytes: Buffer,
  { record }: KeptLetter,
  { accountId }: Person,
  keys: SummaryKeys,
): Promise<boolean> {
  const { summary, letterId } = record;
  const at = bytes.indexOf(summary.slice(0, 48));
  if (summary.length === 0 || at < 0) return false;
  const found = Uint8Array.from(bytes.subarray(at, at + summary.length));
  return (await openSummary(found, { accountId, letterId }, keys)).ok;
}
