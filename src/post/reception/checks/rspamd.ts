// A second opinion on junk from an rspamd on this machine (its HTTP protocol, /checkv2). Silence from it never costs a letter.

import * as v from 'valibot';
import type { Clock } from '#base/clock.ts';
import type { LocalService } from '#base/config/values.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { formatAddress } from '#formats/smtp/address.ts';
import type { IncomingLetter } from '../wire/incoming-letter.ts';

/** nothing: it has no objection, or did not answer; our own light score decides. */
export type RspamdVerdict = 'refuse' | 'later' | 'junk' | 'nothing';

export interface Rspamd {
  /** Resolves within the budget, and when nothing reads the letter's bytes any more. Never rejects. */
  judge(letter: IncomingLetter): Promise<RspamdVerdict>;
  readonly isAnswering: boolean;
  /** Since the start; `unanswered` counts letters that went on without its verdict. */
  readonly counts: { readonly answered: number; readonly unanswered: number };
}

/**
 * greylist is no objection: rspamd's own greylisting says "soft reject", and who obeyed "greylist" would put a letter off
 * for ever. Whoever would discard a letter only marks it: nothing is dropped behind a 250.
 */
const verdicts = {
  reject: 'refuse',
  'soft reject': 'later',
  'add header': 'junk',
  'rewrite subject': 'junk',
  quarantine: 'junk',
  discard: 'junk',
  greylist: 'nothing',
  'no action': 'nothing',
} as const satisfies Readonly<Record<string, RspamdVerdict>>;

const answerSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    action: v.picklist([
      'reject',
      'soft reject',
      'add header',
      'rewrite subject',
      'quarantine',
      'discard',
      'greylist',
      'no action',
    ]),
  }),
);

export type RspamdBounds = { readonly [K in keyof typeof limits.rspamd]: number };

export interface RspamdWorld {
  readonly clock: Clock;
  readonly log: Log;
  readonly outgoing: Outgoing;
}

export function createRspamd(
  { clock, log, outgoing }: RspamdWorld,
  place: LocalService,
  bounds: Partial<RspamdBounds> = {},
): Rspamd {
  const { answerBytes, waitMs, failuresMax, pauseMs } = { ...limits.rspamd, ...bounds };
  const counts = { answered: 0, unanswered: 0 };
  let failures = 0;
  let pausedUntilMs = 0;

  async function ask(letter: IncomingLetter): Promise<RspamdVerdict | undefined> {
    const answer = await outgoing.request('rspamd', {
      url: `${place.origin}/checkv2`,
      ...(place.socketPath === undefined ? {} : { socketPath: place.socketPath }),
      method: 'POST',
      headers: headersOf(letter),
      body: letter.plainLetter,
      bytesMax: answerBytes,
      timeoutMs: waitMs,
    });
    if (!answer.ok || answer.value.status !== 200) return undefined;
    const parsed = v.safeParse(answerSchema, new TextDecoder().decode(answer.value.body));
    return parsed.success ? verdicts[parsed.output.action] : undefined;
  }

  function note(verdict: RspamdVerdict | undefined): RspamdVerdict {
    if (verdict !== undefined) {
      counts.answered += 1;
      if (failures > 0) log.warn('reception.rspamd.answersAgain', { unanswered: counts.unanswered });
      failures = 0;
      return verdict;
    }
    counts.unanswered += 1;
    failures += 1;
    if (failures === 1) log.warn('reception.rspamd.unanswered', { unanswered: counts.unanswered });
    // Whoever is away would otherwise cost every letter the whole budget.
    if (failures >= failuresMax) pausedUntilMs = clock.monotonicMs() + pauseMs;
    return 'nothing';
  }

  return {
    counts,
    get isAnswering() {
      return failures === 0;
    },
    async judge(letter) {
      if (letter.plainLetter.length === 0) return 'nothing'; // there is no such question
      if (clock.monotonicMs() < pausedUntilMs) {
        counts.unanswered += 1;
        return 'nothing';
      }
      try {
        return note(await ask(letter));
      } catch (cause) {
        log.fault('reception.rspamd.fault', cause);
        return note(undefined);
      }
    },
  };
}

/** As rspamd reads an address; any other it cannot read, and then it writes the address into its log as an error. */
const READABLE = /^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+$/;
const NAME = /^[\x21-\x7e]+$/;

/** The envelope and who brought it; "no_log" keeps its line about each letter out of rspamd's log. */
function headersOf(letter: IncomingLetter): Readonly<Record<string, string | readonly string[]>> {
  const { source, traceId } = letter;
  const sender = letter.sender === undefined ? '' : formatAddress(letter.sender);
  const recipients = letter.recipientAddresses.map((address) => formatAddress(address));
  return {
    ...(sender === '' || READABLE.test(sender) ? { from: `<${sender}>` } : {}),
    rcpt: recipients
      .filter((address) => READABLE.test(address))
      .slice(0, limits.rspamd.recipientsMax)
      .map((address) => `<${address}>`),
    ...(NAME.test(source.greetingName) ? { helo: source.greetingName } : {}),
    ip: source.peer,
    'queue-id': traceId,
    flags: 'no_log',
  };
}
