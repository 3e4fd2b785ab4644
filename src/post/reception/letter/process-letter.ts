// The way of one letter while its text is in memory: origin, loops, junk, rules, our block, summary and terms, seal.

import type { AccountId, LetterId, MailboxId, TraceId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { readLetter, type LetterView } from '#formats/message/letter-view.ts';
import { protectInsertions } from '#formats/message/protect-insertion.ts';
import { makeSummaryFacts } from '#formats/message/summary-facts.ts';
import { makeTerms, TOKENISER_VERSION } from '#formats/message/terms.ts';
import type { DoorKey } from '#vault/sealing/door-key.ts';
import type { ReaderKeys } from '#vault/sealing/reader-keys.ts';
import { sealLetter } from '#vault/sealing/seal.ts';
import { authenticate, authenticationResults, type Authentication } from '../authentication/authenticate.ts';
import type { SpfResult } from '../authentication/check-spf.ts';
import type { Dns } from '#base/dns/dns.ts';
import type { LetterToKeep } from '../neighbours.ts';
import { applyRules, type PlainTraits, type Rule } from '../rules.ts';
import { isEncrypted } from './is-encrypted.ts';
import { scoreJunk, type JunkScore } from './junk-score.ts';
import { isUnsubscribeSigned } from './unsubscribe-signed.ts';
import { makeOurBlock, protocolWord } from './our-block.ts';

export interface LetterJob {
  readonly traceId: TraceId;
  readonly beganMs: number;
  readonly receivedMs: number;
  readonly plainLetter: Uint8Array<ArrayBuffer>;
  /** Empty: the null sender. */
  readonly returnPath: string;
  readonly smtpUtf8: boolean;
  /** house: born here, by one of our accounts or as a notice: nobody asks who sent it. */
  readonly protocol: 'smtp' | 'lmtp' | 'house';
  /** Of the house itself, with protocol house. */
  readonly isNotice?: boolean | undefined;
  readonly tlsVersion: string | undefined;
  /** undefined: from our own networks or by LMTP, no sender checks. */
  readonly spf: SpfResult | undefined;
  /** The operator's own filter takes it for junk. */
  readonly isFilterJunk?: boolean;
  readonly readers: readonly JobReader[];
}

export interface JobReader {
  readonly accountId: AccountId;
  readonly letterId: LetterId;
  readonly keys: ReaderKeys;
  readonly rules: readonly Rule[];
  readonly inbox: MailboxId;
  readonly junk: MailboxId;
  /** Where this copy goes whatever it says: a Sent copy. */
  readonly place?: { readonly mailboxId: MailboxId; readonly keywords: readonly string[] };
}

export interface ProcessedLetter {
  readonly letter: LetterToKeep;
  readonly isJunk: boolean;
}

export type ProcessRefusal = { readonly kind: 'loop' } | { readonly kind: 'dmarcReject' };

/** What the door vouches for in every sealed summary; the page's provenance panel reads it. */
export interface Verdict {
  readonly spf: string;
  readonly dkim: string;
  readonly dmarc: string;
  /** The domain that vouches for From, if one does. */
  readonly signedByDomain: string | null;
  /** A signature that passed covers both fields of one-click unsubscribing (RFC 8058 §4). */
  readonly isUnsubscribeSigned: boolean;
  readonly isJunk: boolean;
  readonly junkTraits: readonly string[];
}

export interface DoorProvenance {
  /** Letters born here: one of our accounts wrote it, or the house did. */
  readonly by?: 'house';
  readonly isNotice?: boolean;
  readonly transport: { readonly kind: 'tls'; readonly version: string } | { readonly kind: 'clear' | 'local' };
  readonly plainInMemoryMs: number;
}

export interface ProcessingWorld {
  readonly domain: string;
  readonly doorKey: DoorKey;
  /** Within the letter's budget. */
  readonly dns: Dns;
  readonly nowMs: () => number;
}

export async function processLetter(
  job: LetterJob,
  world: ProcessingWorld,
): Promise<Result<ProcessedLetter, ProcessRefusal>> {
  const view = readLetter(job.plainLetter);
  if (view.findFields('received').length >= limits.smtp.receivedHopsMax) return err({ kind: 'loop' });
  const authentication =
    job.spf === undefined ? undefined : await authenticate(view, job.spf, world.dns, job.receivedMs);
  const dmarc = authentication?.dmarc;
  if (dmarc?.status === 'fail' && dmarc.policy === 'reject') return err({ kind: 'dmarcReject' });
  const junk = job.protocol === 'house' ? notScored : scoreJunk(view, authentication, job.isFilterJunk);
  return ok({ letter: seal(job, view, { authentication, junk }, world), isJunk: junk.isJunk });
}

const notScored: JunkScore = { isJunk: false, points: 0, traits: [] };

function seal(
  job: LetterJob,
  view: LetterView,
  found: { readonly authentication: Authentication | undefined; readonly junk: JunkScore },
  world: ProcessingWorld,
): LetterToKeep {
  const isClosed = isEncrypted(view);
  const facts = makeSummaryFacts(job.plainLetter, view);
  const sealed = sealLetter(
    {
      plainBlock: makeOurBlock({
        domain: world.domain,
        returnPath: job.returnPath,
        protocol: protocolWord({ ...job, isSecure: job.tlsVersion !== undefined }),
        traceId: job.traceId,
        receivedMs: job.receivedMs,
        authenticationResults: authenticationResults(world.domain, found.authentication),
      }),
      plainOriginal: job.plainLetter,
      insertions: protectInsertions(job.plainLetter),
      receivedMs: job.receivedMs,
      verdict: verdictOf(view, found.authentication, found.junk),
      provenance: provenanceOf(job, world.nowMs()),
      facts: isClosed ? { ...facts, snippet: '' } : facts,
      terms: isClosed ? undefined : { tokeniser: TOKENISER_VERSION, words: makeTerms(facts, view.readableText) },
      kind: isClosed ? 'outer' : 'door',
      readers: job.readers,
    },
    world.doorKey,
  );
  const plainTraits = isClosed ? undefined : traitsOf(view);
  const copies = sealed.copies.map((copy, index) => {
    const reader = job.readers[index];
    if (reader === undefined || reader.letterId !== copy.letterId)
      throw new Error('copies are in the order of readers');
    const terms = copy.terms ?? new Uint8Array(0);
    return { ...copy, ...placeFor(reader, found.junk.isJunk, plainTraits), terms };
  });
  return { packet: sealed.packet, packetDigest: sealed.packetDigest, receivedMs: job.receivedMs, copies };
}

/** Junk goes to Junk whatever the rules say; rules see clear letters only. */
function placeFor(
  reader: JobReader,
  isJunk: boolean,
  plainTraits: PlainTraits | undefined,
): { readonly mailboxId: MailboxId; readonly keywords: readonly string[] } {
  if (reader.place !== undefined) return reader.place;
  if (isJunk) return { mailboxId: reader.junk, keywords: ['$junk'] };
  if (plainTraits === undefined || reader.rules.length === 0) return { mailboxId: reader.inbox, keywords: [] };
  const { moveTo, keywords } = applyRules(reader.rules, plainTraits);
  return { mailboxId: moveTo ?? reader.inbox, keywords };
}

function traitsOf(view: LetterView): PlainTraits {
  return {
    from: view.from.map(({ address }) => address),
    to: [...view.to, ...view.cc].map(({ address }) => address),
    subject: view.subject,
    list: view.listId ?? '',
  };
}

function verdictOf(view: LetterView, authentication: Authentication | undefined, junk: JunkScore): Verdict {
  const dkim = authentication?.dkim ?? [];
  return {
    spf: authentication?.spf.status ?? 'none',
    dkim: dkim.find(({ status }) => status === 'pass')?.status ?? dkim[0]?.status ?? 'none',
    dmarc: authentication?.dmarc.status ?? 'none',
    signedByDomain: authentication?.dmarc.alignedDomain ?? null,
    isUnsubscribeSigned: isUnsubscribeSigned(view, dkim),
    isJunk: junk.isJunk,
    junkTraits: junk.traits,
  };
}

function provenanceOf(job: LetterJob, nowMs: number): DoorProvenance {
  const plainInMemoryMs = Math.max(0, nowMs - job.beganMs);
  if (job.protocol === 'house') {
    return { by: 'house', isNotice: job.isNotice === true, transport: { kind: 'local' }, plainInMemoryMs };
  }
  if (job.protocol === 'lmtp') return { transport: { kind: 'local' }, plainInMemoryMs };
  if (job.tlsVersion === undefined) return { transport: { kind: 'clear' }, plainInMemoryMs };
  return { transport: { kind: 'tls', version: job.tlsVersion }, plainInMemoryMs };
}
