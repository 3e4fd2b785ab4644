// One letter over an open session: MAIL, RCPT, DATA or BDAT, and what each answer means for each recipient (RFC 5321 §3.3, RFC 2920, RFC 3030).

import { err, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import { isAscii } from '#formats/smtp/address.ts';
import { stuffed } from '#formats/smtp/dot-stuffing.ts';
import type { SmtpReply } from '#formats/smtp/smtp-reply.ts';
import type { RecipientOutcome, RecipientOutcomeKind, Settled } from '../transport.ts';
import type { DepartingLetter } from './departing-letter.ts';
import * as words from './own-words.ts';
import type { Session } from './session.ts';
import type { Waits } from './waits.ts';
import type { WireFault } from './wire.ts';

export interface Transaction {
  /** '' or an address as it stands between angle brackets. */
  readonly mailFrom: string;
  readonly letter: DepartingLetter;
  /** Called with what is decided for good, before anything else is sent. */
  readonly settled: Settled;
  readonly waits: Waits;
}

/** As the queue wrote it, and as it stands between angle brackets. */
export interface Mailbox {
  readonly address: string;
  readonly path: string;
}

/** final: told to the queue already. elsewhere: another host may be asked. again: on this session, in a transaction of its own. */
export type Verdict = { readonly outcome: RecipientOutcome; readonly next: 'final' | 'later' | 'elsewhere' | 'again' };

export interface TransactionEnd {
  readonly verdicts: readonly Verdict[];
  /** The session can take another letter. */
  readonly isUsable: boolean;
  /** The peer hung up behind the dot: it may have the letter. */
  readonly mayHaveIt: boolean;
}

interface RecipientAnswer {
  readonly mailbox: Mailbox;
  readonly reply: SmtpReply;
}

const FULL = new Set([452, 552]);

export async function transact(
  session: Session,
  transaction: Transaction,
  mailboxes: readonly Mailbox[],
): Promise<TransactionEnd> {
  const run = new Run(session, transaction);
  await run.send(mailboxes);
  return run.end();
}

class Run {
  readonly #session: Session;
  readonly #transaction: Transaction;
  readonly #verdicts: Verdict[] = [];
  #mayHaveIt = false;
  #isUsable = true;

  constructor(session: Session, transaction: Transaction) {
    this.#session = session;
    this.#transaction = transaction;
  }

  end(): TransactionEnd {
    const isUsable = this.#isUsable && this.#session.wire.isOpen;
    return { verdicts: this.#verdicts, isUsable, mayHaveIt: this.#mayHaveIt };
  }

  async send(mailboxes: readonly Mailbox[]): Promise<void> {
    const { extensions } = this.#session;
    const { letter, mailFrom } = this.#transaction;
    const needsUtf8 = letter.hasUtf8Header || !isAscii(mailFrom);
    const able = extensions.smtpUtf8 ? mailboxes : mailboxes.filter(({ path }) => !needsUtf8 && isAscii(path));
    for (const mailbox of mailboxes)
      if (!able.includes(mailbox)) this.#decide(mailbox, words.needsSmtpUtf8, 'elsewhere');
    const isSevenBit = letter.isEightBit && !extensions.eightBitMime;
    const pieces = await letter.pieces(isSevenBit);
    if (!pieces.ok) return this.#decideAll(able, words.needsEightBit, 'elsewhere');
    const sizeBytes = pieces.value.reduce((sum, piece) => sum + piece.length, 0);
    const { sizeMaxBytes } = extensions;
    if (sizeMaxBytes !== undefined && sizeMaxBytes > 0 && sizeBytes > sizeMaxBytes)
      return this.#decideAll(able, words.tooLarge(sizeMaxBytes), 'elsewhere');
    if (able.length === 0) return;
    const isUtf8 = extensions.smtpUtf8 && (needsUtf8 || able.some(({ path }) => !isAscii(path)));
    const mail = this.#mailCommand(sizeBytes, isUtf8, letter.isEightBit && !isSevenBit);
    if (this.#session.needsReset && !(await this.#reset())) return this.#fault(able, { kind: 'dropped' });
    this.#session.needsReset = true;
    const accepted = extensions.pipelining ? await this.#envelope(mail, able) : await this.#slowEnvelope(mail, able);
    if (accepted.length > 0) await this.#body(accepted, pieces.value);
  }

  #mailCommand(sizeBytes: number, isUtf8: boolean, isEightBit: boolean): string {
    const { extensions } = this.#session;
    const parameters = [
      ...(extensions.sizeMaxBytes === undefined ? [] : [`SIZE=${sizeBytes}`]),
      ...(extensions.eightBitMime && isEightBit ? ['BODY=8BITMIME'] : []),
      ...(isUtf8 ? ['SMTPUTF8'] : []),
      // a notice brings the header back, never the text; no ENVID: our ids are nobody's business (RFC 3461 §4.3, §4.4)
      ...(extensions.dsn ? ['RET=HDRS'] : []),
    ];
    return [`MAIL FROM:<${this.#transaction.mailFrom}>`, ...parameters].join(' ');
  }

  async #reset(): Promise<boolean> {
    this.#session.wire.write(['RSET\r\n']);
    const answer = await this.#reply(this.#transaction.waits.commandMs);
    return answer.ok && answer.value.code < 400;
  }

  /** All commands in one write; DATA waits for nobody unless BDAT is used (RFC 2920 §3.1, RFC 3030 §4.2). */
  async #envelope(mail: string, mailboxes: readonly Mailbox[]): Promise<readonly Mailbox[]> {
    const { wire, extensions } = this.#session;
    const { commandMs, dataStartMs } = this.#transaction.waits;
    const data = extensions.chunking ? [] : ['DATA'];
    const commands = [mail, ...mailboxes.map(({ path }) => `RCPT TO:<${path}>`), ...data];
    wire.write([`${commands.join('\r\n')}\r\n`]);
    const mailAnswer = await this.#verdict(commandMs);
    if (!mailAnswer.ok) return this.#nobody(mailboxes, mailAnswer.error);
    const answers: RecipientAnswer[] = [];
    let fault: WireFault | undefined;
    for (const mailbox of mailboxes) {
      const answer = await this.#verdict(commandMs);
      if (!answer.ok) fault = answer.error;
      if (!answer.ok) break;
      answers.push({ mailbox, reply: answer.value });
    }
    const dataAnswer = extensions.chunking || fault !== undefined ? undefined : await this.#reply(dataStartMs);
    if (dataAnswer?.ok === false) fault = dataAnswer.error;
    // an answer that never came: nobody knows any more which command the others were for
    if (fault?.kind === 'timeout' || fault?.kind === 'notAReply') return this.#nobody(mailboxes, fault);
    if (fault !== undefined && !isGood(mailAnswer.value)) return this.#refusedData(mailboxes, mailAnswer.value);
    const accepted = await this.#judgeRecipients(answers, mailAnswer.value);
    if (fault !== undefined) return this.#nobody([...accepted, ...mailboxes.slice(answers.length)], fault);
    if (!dataAnswer?.ok) return accepted;
    if (dataAnswer.value.code !== 354) return this.#refusedData(accepted, dataAnswer.value);
    if (accepted.length > 0) return accepted;
    if (isGood(mailAnswer.value)) {
      wire.write(['.\r\n']); // a letter to nobody (RFC 2920 §3.1)
      await this.#verdict(commandMs);
    } else this.#isUsable = false; // a peer that wants a letter without a sender might take it for somebody
    return [];
  }

  /** One command at a time. */
  async #slowEnvelope(mail: string, mailboxes: readonly Mailbox[]): Promise<readonly Mailbox[]> {
    const { wire, extensions } = this.#session;
    const { commandMs, dataStartMs } = this.#transaction.waits;
    wire.write([`${mail}\r\n`]);
    const mailAnswer = await this.#verdict(commandMs);
    if (!mailAnswer.ok) return this.#nobody(mailboxes, mailAnswer.error);
    if (!isGood(mailAnswer.value)) return this.#refusedData(mailboxes, mailAnswer.value);
    const accepted: Mailbox[] = [];
    for (const [index, mailbox] of mailboxes.entries()) {
      wire.write([`RCPT TO:<${mailbox.path}>\r\n`]);
      const answer = await this.#verdict(commandMs);
      if (!answer.ok) return this.#nobody([...accepted, ...mailboxes.slice(index)], answer.error);
      accepted.push(
        ...(await this.#judgeRecipients([{ mailbox, reply: answer.value }], mailAnswer.value, accepted.length > 0)),
      );
    }
    if (accepted.length === 0 || extensions.chunking) return accepted;
    wire.write(['DATA\r\n']);
    const dataAnswer = await this.#reply(dataStartMs);
    if (!dataAnswer.ok) return this.#nobody(accepted, dataAnswer.error);
    return dataAnswer.value.code === 354 ? accepted : this.#refusedData(accepted, dataAnswer.value);
  }

  async #refusedData(mailboxes: readonly Mailbox[], reply: SmtpReply): Promise<readonly Mailbox[]> {
    // 2xx where 354 belongs: no letter went, so none was taken
    if (isGood(reply)) return this.#nobody(mailboxes, { kind: 'notAReply' });
    await this.#judgeAll(mailboxes, reply);
    return [];
  }

  async #body(accepted: readonly Mailbox[], pieces: readonly Uint8Array[]): Promise<void> {
    const { wire, extensions } = this.#session;
    const { dataBlockMs, dataEndMs, letterMs } = this.#transaction.waits;
    const overdue = setTimeout(() => wire.destroy(), letterMs);
    try {
      const sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
      const all = extensions.chunking
        ? [Buffer.from(`BDAT ${sizeBytes} LAST\r\n`), ...pieces]
        : [...pieces.slice(0, -1), ...stuffed(pieces.at(-1) ?? new Uint8Array())];
      const written = await wire.writeLong(all, dataBlockMs);
      const isWhole = written.ok && written.value === 'all';
      // a peer that refuses early may hang up: its words count all the same, but it is left in the middle of the letter
      const answer = await this.#verdict(dataEndMs);
      this.#isUsable &&= isWhole;
      if (answer.ok) {
        this.#session.needsReset = false;
        this.#session.lettersCount += 1;
        return await this.#judgeAll(accepted, answer.value);
      }
      this.#mayHaveIt = isWhole;
      this.#fault(accepted, answer.error, isWhole ? 'later' : 'elsewhere');
    } finally {
      clearTimeout(overdue);
    }
  }

  async #reply(waitMs: number): Promise<Result<SmtpReply, WireFault>> {
    const answer = await this.#session.wire.reply(waitMs);
    if (!answer.ok || answer.value.code === 421) this.#isUsable = false;
    return answer;
  }

  /** An answer that asks for a letter where none was offered: the peer has lost count of our commands. */
  async #verdict(waitMs: number): Promise<Result<SmtpReply, WireFault>> {
    const answer = await this.#reply(waitMs);
    return answer.ok && answer.value.code < 400 && !isGood(answer.value) ? err({ kind: 'notAReply' }) : answer;
  }

  /** Those who may get the letter. When MAIL was refused its answer speaks for all. */
  async #judgeRecipients(
    answers: readonly RecipientAnswer[],
    mailAnswer: SmtpReply,
    isSomebodyTaken = answers.some(({ reply }) => isGood(reply)),
  ): Promise<readonly Mailbox[]> {
    if (!isGood(mailAnswer)) {
      await this.#judgeAll(
        answers.map(({ mailbox }) => mailbox),
        mailAnswer,
      );
      return [];
    }
    const decided: RecipientOutcome[] = [];
    for (const { mailbox, reply } of answers) {
      if (isGood(reply)) continue;
      // too many for one letter, with others taken: the rest goes in the next one (RFC 5321 §4.5.3.1.10)
      const isFull = isSomebodyTaken && FULL.has(reply.code) && /^[45]\.5\.3$/.test(reply.enhanced ?? '4.5.3');
      const kind = reply.code >= 500 && !isFull ? 'failed' : 'deferred';
      const outcome = this.#outcomeOf(mailbox, reply, kind);
      if (kind === 'failed') decided.push(outcome);
      this.#verdicts.push({ outcome, next: kind === 'failed' ? 'final' : isFull ? 'again' : 'elsewhere' });
    }
    if (decided.length > 0) await this.#transaction.settled(decided);
    return answers.filter(({ reply }) => isGood(reply)).map(({ mailbox }) => mailbox);
  }

  async #judgeAll(mailboxes: readonly Mailbox[], reply: SmtpReply): Promise<void> {
    if (mailboxes.length === 0) return;
    const kind = isGood(reply) ? 'delivered' : reply.code >= 500 ? 'failed' : 'deferred';
    const outcomes = mailboxes.map((mailbox) => this.#outcomeOf(mailbox, reply, kind));
    for (const outcome of outcomes) this.#verdicts.push({ outcome, next: kind === 'deferred' ? 'elsewhere' : 'final' });
    if (kind !== 'deferred') await this.#transaction.settled(outcomes);
  }

  #outcomeOf({ address }: Mailbox, reply: SmtpReply, kind: RecipientOutcomeKind): RecipientOutcome {
    const { code } = reply;
    const enhanced = reply.enhanced ?? usualEnhanced(kind);
    const plainText = reply.lines.join(' ').slice(0, limits.delivery.plainTextCharacters);
    return { address, kind, code, enhanced, plainText, tls: this.#session.secrecy };
  }

  #decide({ address }: Mailbox, why: words.OwnWords, next: Verdict['next']): void {
    this.#verdicts.push({ outcome: { address, ...why, tls: this.#session.secrecy }, next });
  }

  #decideAll(mailboxes: readonly Mailbox[], why: words.OwnWords, next: Verdict['next']): void {
    for (const mailbox of mailboxes) this.#decide(mailbox, why, next);
  }

  #fault(mailboxes: readonly Mailbox[], fault: WireFault, next: Verdict['next'] = 'elsewhere'): void {
    this.#isUsable = false;
    this.#decideAll(mailboxes, words.ofFault(fault), next);
  }

  #nobody(mailboxes: readonly Mailbox[], fault: WireFault): readonly Mailbox[] {
    this.#fault(mailboxes, fault);
    return [];
  }
}

function isGood({ code }: SmtpReply): boolean {
  return code >= 200 && code < 300;
}

function usualEnhanced(kind: RecipientOutcomeKind): string {
  return kind === 'delivered' ? '2.0.0' : kind === 'failed' ? '5.0.0' : '4.0.0';
}
