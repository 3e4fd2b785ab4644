// A whole reception for tests: sockets, DNS, worker threads; a recipient with a real key who can open what was kept.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import * as openpgp from 'openpgp';
import { newId, type AccountId, type MailboxId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { doorKeyFromSeed } from '#vault/sealing/door-key.ts';
import { readerKeysFromPublic } from '#vault/sealing/reader-keys.ts';
import { startDnsServer, type DnsServerFake, type Zone } from '../../../../test/fakes/dns-server.ts';
import type { Rspamd } from '../checks/rspamd.ts';
import { createReception, type LetterToKeep, type Reception, type Recipient } from '../reception.ts';
import type { KeepRefusal, TraceStep } from '../neighbours.ts';
import type { StartLetterWorker } from '../letter/letter-workers.ts';
import type { Rule } from '../rules.ts';
import type { DoorBounds } from '../../wire/sockets.ts';
import { testCertificate } from '../../wire/dialogues/test-certificate.ts';

export interface TestReader extends Recipient {
  /** The plain letter with our block and insertions, one character a byte. */
  open(letter: LetterToKeep): Promise<string>;
}

export interface TestReception {
  readonly reception: Reception;
  readonly smtpPort: number;
  readonly lmtpSocket: string;
  readonly dns: DnsServerFake;
  readonly anna: TestReader;
  readonly ben: TestReader;
  readonly kept: readonly LetterToKeep[];
  readonly steps: readonly TraceStep[];
  keepNext(answer: () => Promise<Result<void, KeepRefusal>>): void;
  close(): Promise<void>;
}

export async function makeReader(rules: readonly Rule[] = []): Promise<TestReader> {
  const made = await openpgp.generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ email: 'reader@siegel.test' }],
    format: 'object',
  });
  const summaryKey = generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const at = { version: 1, nowMs: Date.now() };
  const keys = readerKeysFromPublic(Uint8Array.from(made.publicKey.write()), Uint8Array.from(summaryKey), at);
  if (!keys.ok) throw new Error(keys.error.kind);
  const accountId = newId<AccountId>();
  return {
    accountId,
    keys: keys.value,
    rules,
    inbox: newId<MailboxId>(),
    junk: newId<MailboxId>(),
    async open(letter) {
      const copy = letter.copies.find((candidate) => candidate.accountId === accountId);
      if (copy === undefined) throw new Error('no copy for this reader');
      const message = await openpgp.readMessage({ binaryMessage: Buffer.concat([copy.keyPacket, letter.packet]) });
      const opened = await openpgp.decrypt({
        message,
        decryptionKeys: made.privateKey,
        format: 'binary',
      });
      return Buffer.from(opened.data).toString('latin1');
    },
  };
}

export interface TestReceptionOptions {
  readonly zone?: Zone;
  readonly isTrusted?: boolean;
  readonly hasTls?: boolean;
  readonly annasRules?: readonly Rule[];
  readonly bounds?: Partial<DoorBounds>;
  readonly lmtpSocket?: string;
  readonly startWorker?: StartLetterWorker;
  readonly rspamd?: Rspamd;
}

export async function openTestReception(options: TestReceptionOptions = {}): Promise<TestReception> {
  const dns = await startDnsServer(options.zone ?? {});
  const [anna, ben] = await Promise.all([makeReader(options.annasRules), makeReader()]);
  const kept: LetterToKeep[] = [];
  const steps: TraceStep[] = [];
  let answer: (() => Promise<Result<void, KeepRefusal>>) | undefined;
  const known = new Map<string, readonly Recipient[]>([
    ['anna', [anna]],
    ['ben', [ben]],
    ['postmaster', [anna, ben]],
  ]);
  const reception = createReception(
    {
      domain: 'siegel.test',
      smtpPort: 0,
      lmtpSocket: options.lmtpSocket,
      trustedNetworks: options.isTrusted === true ? [{ address: '127.0.0.0', prefixBits: 8 }] : [],
      tls: options.hasTls === true ? testCertificate() : undefined,
      doorKey: doorKeyFromSeed(randomBytes(32)),
      dnsServers: [dns],
      workers: 1,
      ...(options.startWorker === undefined ? {} : { startWorker: options.startWorker }),
      rspamd: options.rspamd,
      bounds: { sweepMs: 50, closeWaitMs: 1_000, ...options.bounds },
    },
    {
      findRecipients({ local, domain }) {
        const found = domain === 'siegel.test' ? known.get(local) : undefined;
        return found === undefined ? err({ kind: 'unknown' }) : ok(found);
      },
      mayAccept: () => ok(undefined),
      async keep(letter) {
        const refusal = await answer?.();
        answer = undefined;
        if (refusal !== undefined && !refusal.ok) return refusal;
        kept.push(letter);
        return ok(undefined);
      },
      trace: (_, step) => steps.push(step),
    },
  );
  const { smtpPort = 0, lmtpSocket = '' } = await reception.listen();
  return {
    reception,
    smtpPort,
    lmtpSocket,
    dns,
    anna,
    ben,
    kept,
    steps,
    keepNext: (next) => {
      answer = next;
    },
    async close() {
      await reception.close();
      await dns.close();
    },
  };
}
