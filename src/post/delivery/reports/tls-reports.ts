// Yesterday's connections, told to each domain that asks for it: by mail as the house, or by HTTPS; tried for a day, in memory only (RFC 8460).

import { gzipSync } from 'node:zlib';
import type { Clock } from '#base/clock.ts';
import { lookUpTexts, type Dns } from '#base/dns/dns.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { tlsReportTargets } from '#formats/mta-sts/sts-record.ts';
import { formatTlsReport, type TlsDay } from '#formats/mta-sts/tls-report.ts';
import type { Transport } from '../transport.ts';
import { writeReportLetter } from './report-letter.ts';
import { readReportTarget, type ReportTarget } from './report-target.ts';

export interface TlsReportsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly dns: Dns;
  readonly outgoing: Pick<Outgoing, 'request'>;
  /** Days that are over, taken out. */
  readonly takeDays: () => readonly TlsDay[];
  /** A transport for one round: it follows no TLS policy (§3), and its sessions are not in the next report. */
  readonly openTransport: () => Transport;
  readonly house: {
    readonly domain: string;
    /** Random letters and digits. */
    readonly token: () => string;
  };
}

export interface TlsReports extends Disposable {
  /** One round: what is due is sent. Never rejects for what others answer. */
  run(): Promise<void>;
  /** Since the start. */
  readonly counts: Readonly<{ sent: number; givenUp: number }>;
  readonly waiting: number;
}

/** `target` undefined: the domain has not been asked yet. */
interface Waiting {
  readonly day: TlsDay;
  readonly target: ReportTarget | undefined;
  readonly tries: number;
}

type Sent = 'sent' | 'later' | 'never';

const DAY_MS = 86_400_000;

/** Looks once an hour, so that reports leave within the first hours of the day and not all houses write at midnight. */
export function startTlsReports(options: TlsReportsOptions): TlsReports {
  const counts = { sent: 0, givenUp: 0 };
  let waiting: readonly Waiting[] = [];

  async function round(): Promise<void> {
    const fresh = options.takeDays().map((day): Waiting => ({ day, target: undefined, tries: 0 }));
    const all = [...waiting, ...fresh].slice(0, limits.delivery.tlsReportDomainsMax);
    const now = all.slice(0, limits.delivery.tlsReportPerRunMax);
    const rest: Waiting[] = all.slice(now.length);
    if (now.length > 0) {
      await using transport = options.openTransport();
      for (const one of now) rest.push(...(await advance(one, transport)));
    }
    waiting = rest;
  }

  /** What is left to do of it. */
  async function advance(one: Waiting, transport: Transport): Promise<readonly Waiting[]> {
    if (one.target !== undefined) return attempt({ ...one, target: one.target }, transport);
    const targets = await findTargets(options.dns, one.day.domain);
    if (targets === undefined) return again(one);
    const left: Waiting[] = [];
    for (const target of targets) left.push(...(await attempt({ ...one, target }, transport)));
    return left;
  }

  async function attempt(
    one: Waiting & { readonly target: ReportTarget },
    transport: Transport,
  ): Promise<readonly Waiting[]> {
    const sent = await send(one.day, one.target, transport, options);
    if (sent === 'sent') counts.sent += 1;
    if (sent === 'never') counts.givenUp += 1;
    return sent === 'later' ? again(one) : [];
  }

  function again(one: Waiting): readonly Waiting[] {
    const tries = one.tries + 1;
    if (tries < limits.delivery.tlsReportTriesMax) return [{ ...one, tries }];
    counts.givenUp += 1;
    return [];
  }

  const run = oneAtATime(() => round().catch((cause: unknown) => options.log.fault('delivery.reportsFailed', cause)));
  const timer = setInterval(() => void run(), limits.delivery.tlsReportEveryMs);
  timer.unref();
  return {
    run,
    counts,
    get waiting() {
      return waiting.length;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** Who asks while a round is under way waits for that one. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** Empty: no report is wanted. Undefined: nobody answers now. */
async function findTargets(dns: Dns, domain: string): Promise<readonly ReportTarget[] | undefined> {
  const texts = await lookUpTexts(dns, `_smtp._tls.${domain}`);
  if (!texts.ok) return texts.error.kind === 'noAnswer' ? undefined : [];
  return tlsReportTargets(texts.value)
    .map(readReportTarget)
    .filter((target) => target !== undefined)
    .slice(0, limits.delivery.tlsReportTargetsMax);
}

async function send(
  day: TlsDay,
  target: ReportTarget,
  transport: Transport,
  { clock, outgoing, house }: TlsReportsOptions,
): Promise<Sent> {
  const boundary = house.token();
  const reportId = `${boundary}@${house.domain}`;
  const json = formatTlsReport(day, {
    organization: house.domain,
    contact: `postmaster@${house.domain}`,
    reportId,
  });
  const gzip = gzipSync(json);
  if (target.kind === 'web') return sendByWeb(target.url, gzip, outgoing);
  const bytes = writeReportLetter({
    submitter: house.domain,
    domain: day.domain,
    to: target.address,
    reportId,
    startMs: day.startMs,
    endMs: day.startMs + DAY_MS - 1_000,
    nowMs: clock.nowMs(),
    boundary,
    gzip,
  });
  // an empty sender: whatever comes back of a report is of use to nobody
  const parcel = { mailFrom: '', domain: target.domain, recipients: [target.address], bytes };
  const [outcome] = await transport.deliver(parcel, async () => {});
  if (outcome?.kind === 'delivered') return 'sent';
  return outcome?.kind === 'deferred' ? 'later' : 'never';
}

/** §5.4 */
async function sendByWeb(url: string, body: Uint8Array, outgoing: TlsReportsOptions['outgoing']): Promise<Sent> {
  const answer = await outgoing.request('tls-report', {
    url,
    method: 'POST',
    headers: { 'content-type': 'application/tlsrpt+gzip' },
    body,
    timeoutMs: limits.delivery.tlsReportWaitMs,
  });
  if (answer.ok) {
    const { status } = answer.value;
    if (status >= 200 && status < 300) return 'sent';
    return status >= 500 || status === 429 ? 'later' : 'never';
  }
  const { kind } = answer.error;
  return kind === 'timeout' || kind === 'unreachable' || kind === 'noAnswer' ? 'later' : 'never';
}
