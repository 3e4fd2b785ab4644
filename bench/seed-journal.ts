// Fills a stopped program's journal with accounts and letters as its own writer would, without SMTP and without HTTP.

import { createHash } from 'node:crypto';
import { chown, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { requireValue } from '#base/assert.ts';
import { systemClock } from '#base/clock.ts';
import { idToBytes, newId, type AccountId, type LetterId, type MailboxId, type TraceId } from '#base/ids.ts';
import { err } from '#base/result.ts';
import { processLetter, type ProcessingWorld } from '#post/reception/letter/process-letter.ts';
import { ledgerElement } from '#vault/safeguards/ledger/ledger-element.ts';
import { JOURNAL_NUMBER, journalFolder } from '../src/programs/server/open-vault.ts';
import { catchUp } from '#vault/directory/catch-up.ts';
import { openDirectory } from '#vault/directory/open-directory.ts';
import type { Directory, DirectoryAccount } from '#vault/directory/directory.ts';
import { nodeDisk, type Disk, type DiskFile } from '#vault/journal/disk.ts';
import type { CommandOf } from '#vault/journal/commands.ts';
import type { KeyRecord, LetterEntry } from '#vault/journal/journal.ts';
import { openJournal, type SingleWriterJournal } from '#vault/journal/open-journal.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import { readKeyKit } from '#vault/keykit/kit-file.ts';
import { doorKeyFromSeed } from '#vault/sealing/door-key.ts';
import { readerKeysFromPublic } from '#vault/sealing/reader-keys.ts';

const SYSTEM = { kind: 'system', id: new Uint8Array(16) } as const;
const DOOR = { kind: 'door', id: new Uint8Array(16) } as const;
/** So many appends wait together: the journal makes full batches of them. */
const AT_ONCE = 512;

export interface SeedHouse extends AsyncDisposable {
  readonly kit: KeyKit;
  readonly directory: Directory;
  readonly journal: SingleWriterJournal;
}

/** Opens journal and directory of a stopped program. What was written belongs to the program's user afterwards. */
export async function openSeedHouse(dataDir: string): Promise<SeedHouse> {
  const kit = await readKeyKit(`${dataDir}-kit`);
  if (!kit.ok) throw new Error(`the key kit: ${kit.error.kind}`);
  const directory = await openDirectory(join(dataDir, 'directory.sqlite'), kit.value.instanceId);
  if (!directory.ok) throw new Error('the program still runs on this folder');
  const folder = journalFolder(dataDir);
  const { journal } = await openJournal({
    disk: hastyDisk,
    directory: folder,
    instanceId: kit.value.instanceId,
    journal: JOURNAL_NUMBER,
    clock: systemClock,
    build: createHash('sha256').update('bench').digest().subarray(0, 8),
    lastAccountSeq: (accountId) => directory.value.lastAccountSeq(accountId),
  });
  await catchUp(directory.value, journal);
  return {
    kit: kit.value,
    directory: directory.value,
    journal,
    async [Symbol.asyncDispose]() {
      await journal.close();
      directory.value.close();
      await giveBack(dataDir, folder);
    },
  };
}

/** Nothing here is promised to anybody, so nothing waits for the disk. */
const hastyDisk: Disk = {
  ...nodeDisk,
  create: async (path) => hasty(await nodeDisk.create(path)),
  open: async (path, mode) => hasty(await nodeDisk.open(path, mode)),
};

function hasty(file: DiskFile): DiskFile {
  return {
    write: (parts, position) => file.write(parts, position),
    read: (position, length) => file.read(position, length),
    sync: () => Promise.resolve(),
    size: () => file.size(),
    close: () => file.close(),
  };
}

async function giveBack(dataDir: string, journal: string): Promise<void> {
  const { uid, gid } = await stat(dataDir);
  const files = await Promise.all([dataDir, journal].map(async (folder) => [folder, await readdir(folder)] as const));
  for (const [folder, names] of files) for (const name of names) await chown(join(folder, name), uid, gid);
}

/** Accounts `person000000@domain` and on, each with its own id and mailboxes; keys and credential are those of the first sign-up. */
export async function seedAccounts(house: SeedHouse, count: number, domain: string): Promise<void> {
  const { effect } = await findSignUp(house);
  await inGroups(house, count, async (index) => {
    const command: CommandOf<'accountCreated'> = {
      kind: 'accountCreated',
      effect: {
        ...effect,
        role: 'member',
        inviteId: null,
        address: personAddress(index, domain),
        mailboxes: effect.mailboxes.map((mailbox) => ({ ...mailbox, id: newId<MailboxId>() })),
      },
    };
    const kept = await house.journal.appendCommand({ accountId: newId<AccountId>(), actor: SYSTEM, command });
    if (!kept.ok) throw new Error(`the journal refused an account: ${kept.error.kind}`);
    return [kept.value];
  });
}

export function personAddress(index: number, domain: string): string {
  return `person${String(index).padStart(6, '0')}@${domain}`;
}

async function findSignUp({ journal }: SeedHouse): Promise<CommandOf<'accountCreated'>> {
  for await (const records of journal.readKeyRecords(0)) {
    for (const { content } of records) {
      if (content.kind === 'command' && content.command.kind === 'accountCreated') return content.command;
    }
  }
  throw new Error('nobody has signed up here yet');
}

export interface LettersToSeed {
  readonly count: number;
  readonly addresses: readonly string[];
  readonly sizeBytes: number;
  /** When the first arrived; the others follow in even steps until now. */
  readonly fromMs: number;
}

/** Letters in the inboxes of the addresses in turn, each read, summarised and sealed on its own as the door does it; nine of ten are seen. */
export async function seedLetters(house: SeedHouse, letters: LettersToSeed): Promise<void> {
  const world: ProcessingWorld = {
    domain: 'siegel.test',
    doorKey: doorKeyFromSeed(house.kit.doorKey.seed),
    dns: { lookUp: () => err({ kind: 'noAnswer' }) },
    nowMs: () => systemClock.nowMs(),
  };
  const stepMs = (systemClock.nowMs() - letters.fromMs) / letters.count;
  const accounts = letters.addresses.map((address) => readerOf(house.directory, address));
  await inGroups(house, letters.count, async (index) => {
    const account = requireValue(accounts[index % accounts.length], 'a reader');
    const receivedMs = Math.floor(letters.fromMs + index * stepMs);
    const entry = await makeEntry(house.kit, world, { account, receivedMs, index, sizeBytes: letters.sizeBytes });
    const kept = await house.journal.appendLetter(entry);
    if (!kept.ok) throw new Error(`the journal refused a letter: ${kept.error.kind}`);
    return kept.value;
  });
}

type Reader = DirectoryAccount & { readonly keys: ReturnType<typeof keysOf> };

function readerOf(directory: Directory, address: string): Reader {
  const account = requireValue(directory.findByAddress(address), 'an account of this address');
  return { ...account, keys: keysOf(account) };
}

function keysOf({ certificate, summaryKey, keysVersion }: DirectoryAccount) {
  const keys = readerKeysFromPublic(certificate, summaryKey, { version: keysVersion, nowMs: systemClock.nowMs() });
  if (!keys.ok) throw new Error(`keys of a reader: ${keys.error.kind}`);
  return keys.value;
}

interface LetterToMake {
  readonly account: Reader;
  readonly receivedMs: number;
  readonly index: number;
  readonly sizeBytes: number;
}

async function makeEntry(kit: KeyKit, world: ProcessingWorld, of: LetterToMake): Promise<LetterEntry> {
  const { account, receivedMs, index } = of;
  const { accountId, inbox, junk, keys } = account;
  const processed = await processLetter(
    {
      traceId: newId<TraceId>(),
      beganMs: systemClock.nowMs(),
      receivedMs,
      plainLetter: makeText(index, of.sizeBytes, receivedMs),
      returnPath: 'bench@sender.example',
      smtpUtf8: false,
      protocol: 'lmtp',
      tlsVersion: undefined,
      spf: undefined,
      readers: [{ accountId, letterId: newId<LetterId>(), keys, rules: [], inbox, junk }],
    },
    world,
  );
  if (!processed.ok) throw new Error(`the door refuses a seeded letter: ${processed.error.kind}`);
  const { packet, packetDigest, copies } = processed.value.letter;
  return {
    packet,
    packetDigest,
    copies: copies.map(({ accountId: reader, ...copy }) => ({
      accountId: reader,
      actor: DOOR,
      record: {
        ...copy,
        mailboxId: inbox,
        keywords: index % 10 === 0 ? [] : ['$seen'],
        receivedMs,
        element: ledgerElement(kit.ledgerKey, idToBytes(copy.letterId), packetDigest),
        expiresMs: 0,
        wrapping: 0,
      },
    })),
  };
}

const WORDS =
  'contract deadline hearing invoice insurance partner quarter report review schedule signature witness morning answer client draft north court appeal ledger harbour window garden meeting pension transfer notary estate'.split(
    ' ',
  );

function makeText(index: number, sizeBytes: number, receivedMs: number): Uint8Array<ArrayBuffer> {
  const word = (n: number): string => WORDS[(index * 31 + n * (7 + (index % 13))) % WORDS.length] ?? '';
  const lines = [
    `From: ${word(1)} ${word(2)} <person${index % 900}@sender.example>`,
    'To: Anna <anna@siegel.test>',
    `Subject: ${word(3)} ${word(4)} about matter ${index}`,
    `Date: ${new Date(receivedMs).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${index}.bench@sender.example>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
  ];
  for (let n = 5, length = 0; length < sizeBytes - 300; n += 10) {
    const line = `${Array.from({ length: 10 }, (_, place) => word(n + place)).join(' ')} ${(index * n) % 9973}`;
    lines.push(line);
    length += line.length + 2;
  }
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n`);
}

/** The snapshot follows group by group, as it does behind a running program. */
async function inGroups(
  { directory }: SeedHouse,
  count: number,
  work: (index: number) => Promise<readonly KeyRecord[]>,
): Promise<void> {
  for (let start = 0; start < count; start += AT_ONCE) {
    const size = Math.min(AT_ONCE, count - start);
    const records = await Promise.all(Array.from({ length: size }, (_, place) => work(start + place)));
    directory.apply(records.flat().toSorted((a, b) => a.header.seq - b.header.seq));
  }
}
