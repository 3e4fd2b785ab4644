// The certificate of all doors: out of files, or fetched and renewed by itself, with a stand-in of our own until it is there.

import { X509Certificate } from 'node:crypto';
import { Hono } from 'hono';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import { readTls, type TlsPair } from './read-tls.ts';

export interface HouseCertificate extends AsyncDisposable {
  /** undefined: none is wanted. */
  readonly current: TlsPair | undefined;
  /** Whether others would trust it: not while a stand-in takes its place. */
  readonly isTrusted: boolean;
  /** 0 without one. */
  readonly endsMs: number;
  /** Told of each new one; doors take it for connections from then on. */
  onChange(listener: (pair: TlsPair) => void): void;
  /** From now on a new one is fetched when it is due, where it is fetched at all. */
  begin(): void;
  /** Mounted at /: what an authority looks for. */
  readonly challenges: Hono;
  /** Sentences for the operator, each saying what to do. */
  warnings(): readonly string[];
}

const SOON_MS = 14 * 86_400_000;

/** Read while the files can be reached; whoever changes them starts the service again. */
export function certificateOfFiles(config: Config, clock: Clock): HouseCertificate {
  const current = readTls(config);
  const endsMs = current === undefined ? 0 : endOf(current);
  return {
    current,
    isTrusted: current !== undefined,
    endsMs,
    onChange: () => undefined,
    begin: () => undefined,
    challenges: new Hono(),
    warnings: () => (current === undefined ? [] : endWarnings(endsMs, clock.nowMs())),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

export function endOf({ certificatePem }: TlsPair): number {
  return Date.parse(new X509Certificate(certificatePem).validTo);
}

export function endWarnings(endsMs: number, nowMs: number): readonly string[] {
  if (nowMs >= endsMs)
    return ['The certificate has ended: browsers and mail servers refuse it. Renew it and start the service again.'];
  if (nowMs > endsMs - SOON_MS) {
    const day = new Date(endsMs).toISOString().slice(0, 10);
    return [`The certificate ends on ${day}. Renew it and start the service again.`];
  }
  return [];
}
