// The dialogue of one connection: which command is welcome when, and what is answered (RFC 5321 §4.1.4, RFC 2033, RFC 3030).

import { unreachable } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import { newId, type TraceId } from '#base/ids.ts';
import type { Address } from '#formats/smtp/address.ts';
import { isPrintable, parseCommand, type SmtpCommand } from '#formats/smtp/smtp-command.ts';
import type { MailFrom, RcptTo } from '#formats/smtp/smtp-path.ts';
import { reply, type SmtpReply } from '#formats/smtp/smtp-reply.ts';
import type { Result } from '#base/result.ts';
import type { Conduct, LetterSource, SignInStep, WireRefusal } from './conduct.ts';
import { createLetterBuffer, type LetterBuffer } from './letter-buffer.ts';
import type { LettersInFlight } from './letters-in-flight.ts';
import { replyToRefusal, type RefusalKind } from './refusals.ts';
import type { Dialogue, Next, Step } from './step.ts';

export interface SessionOptions {
  readonly domain: string;
  readonly tlsOffered: boolean;
  readonly letterBytesMax: number;
  readonly letterBytesUsual: number;
  readonly recipientsMax: number;
  readonly errorsMax: number;
  readonly idleCommandsMax: number;
}

export interface SessionNeighbours<R> {
  readonly conduct: Conduct<R>;
  readonly inFlight: LettersInFlight;
  readonly noteError: () => void;
}

interface Envelope<R> {
  readonly from: MailFrom;
  /** One entry for each accepted RCPT, in order: LMTP answers each. */
  readonly accepted: R[];
  readonly addresses: Address[];
  /** RCPTs so far, refused ones too. */
  tries: number;
  letter: LetterBuffer | undefined;
  beganMs: number;
  byChunks: boolean;
  lastChunk: boolean;
}

const goOn: Next = { kind: 'command' };
const ok250 = reply(250, '2.0.0', 'ok');
const senderOk = reply(250, '2.1.0', 'sender ok');
const recipientOk = reply(250, '2.1.5', 'recipient ok');
const goAhead: SmtpReply = { code: 354, lines: ['go ahead; end with <CRLF>.<CRLF>'] };

export class Session<R> implements Dialogue {
  readonly #clock: Clock;
  readonly #options: SessionOptions;
  readonly #neighbours: SessionNeighbours<R>;
  readonly #conduct: Conduct<R>;
  #source: LetterSource;
  #envelope: Envelope<R> | undefined;
  /** An exchange of AUTH is under way: the next line is an answer, not a command. */
  #isSigningIn = false;
  #isSignedIn = false;
  #errors = 0;
  #idleCommands = 0;

  constructor(clock: Clock, options: SessionOptions, neighbours: SessionNeighbours<R>, source: LetterSource) {
    this.#clock = clock;
    this.#options = options;
    this.#neighbours = neighbours;
    this.#conduct = neighbours.conduct;
    this.#source = source;
  }

  greeting(): SmtpReply {
    const protocol = this.#source.protocol === 'lmtp' ? 'LMTP' : 'ESMTP';
    return reply(220, undefined, `${this.#options.domain} ${protocol} Siegel`);
  }

  /** `line` without its CRLF; undefined when it was not valid UTF-8. */
  command(line: string | undefined): Step | Promise<Step> {
    if (line === undefined || !isPrintable(line)) return this.refuseLine('badCharacter');
    if (this.#isSigningIn) return this.#goOnSigningIn(line);
    const parsed = parseCommand(line);
    if (!parsed.ok) return this.#refuse(parsed.error.kind);
    if (isIdle(parsed.value) && ++this.#idleCommands > this.#options.idleCommandsMax && !this.#source.trusted)
      return { replies: [replyToRefusal('tooManyCommands')], next: { kind: 'close' } };
    return this.#obey(parsed.value);
  }

  /** Something the connection itself found wrong with a line. */
  refuseLine(kind: RefusalKind): Step {
    if (this.#isSigningIn) this.#forgetSignIn();
    return this.#refuse(kind);
  }

  /** The connection is encrypted now: all that was said before is forgotten (RFC 3207 §4.2). */
  becameSecure(tlsVersion: string): void {
    this.reset();
    this.#forgetSignIn();
    this.#source = { ...this.#source, tlsVersion, greetingName: '' };
  }

  /** Forgets the letter at hand. */
  reset(): void {
    this.#envelope?.letter?.drop();
    this.#envelope = undefined;
  }

  /** A whole DATA was read; `fault`: a line end another server could take for something else. */
  dataEnded(fault: 'bareCr' | 'bareLf' | undefined): Promise<Step> {
    return this.#finishLetter(fault);
  }

  /** All bytes of a BDAT were read. */
  chunkEnded(): Step | Promise<Step> {
    const envelope = this.#envelope;
    if (envelope === undefined || envelope.accepted.length === 0) return this.#refuse(this.#whyNoLetter());
    if (envelope.lastChunk) return this.#finishLetter(undefined);
    const refusal = envelope.letter?.refusal;
    if (refusal !== undefined) {
      this.reset();
      return this.#refuse(refusal);
    }
    return this.#answer(reply(250, '2.0.0', 'chunk received'));
  }

  #obey(command: SmtpCommand): Step | Promise<Step> {
    switch (command.verb) {
      case 'HELO':
      case 'EHLO':
      case 'LHLO':
        return this.#greet(command.verb, command.name);
      case 'MAIL':
        return this.#mail(command.from);
      case 'RCPT':
        return this.#rcpt(command.to);
      case 'DATA':
        return this.#data();
      case 'BDAT':
        return this.#bdat(command.sizeBytes, command.last);
      case 'RSET':
        this.reset();
        return this.#answer(ok250);
      case 'STARTTLS':
        return this.#startTls();
      case 'QUIT':
        this.reset();
        return { replies: [reply(221, '2.0.0', 'goodbye')], next: { kind: 'close' } };
      case 'NOOP':
        return this.#answer(ok250);
      case 'HELP':
        return this.#answer(reply(214, '2.0.0', 'RFC 5321 tells all; letters are sealed on arrival'));
      case 'VRFY':
        return this.#answer(reply(252, '2.5.0', 'send the letter and see'));
      case 'EXPN':
        return this.#refuse('notHere');
      case 'AUTH':
        return this.#beginSigningIn(command.mechanism, command.initial);
      default:
        return unreachable(command);
    }
  }

  #greet(verb: 'HELO' | 'EHLO' | 'LHLO', name: string): Step {
    if ((verb === 'LHLO') !== (this.#source.protocol === 'lmtp')) return this.#refuse('unknownCommand');
    this.reset();
    this.#source = { ...this.#source, greetingName: name };
    if (verb === 'HELO') return this.#answer(reply(250, undefined, this.#options.domain));
    const lines = [
      this.#options.domain,
      'PIPELINING',
      `SIZE ${this.#options.letterBytesMax}`,
      ...(this.#options.tlsOffered && this.#source.tlsVersion === undefined ? ['STARTTLS'] : []),
      'ENHANCEDSTATUSCODES',
      '8BITMIME',
      'SMTPUTF8',
      'CHUNKING',
      ...this.#conduct.extensions(this.#source),
    ];
    return this.#answer({ code: 250, lines });
  }

  #beginSigningIn(mechanism: string, initial: string | undefined): Step | Promise<Step> {
    const { signIn } = this.#conduct;
    if (signIn === undefined) return this.#refuse('notHere');
    if (this.#source.greetingName === '') return this.#refuse('needsGreeting');
    if (this.#isSignedIn) return this.#refuse('alreadySignedIn');
    if (this.#envelope !== undefined) return this.#refuse('alreadyMail');
    return this.#settleSigningIn(signIn.begin(mechanism, initial, this.#source));
  }

  #goOnSigningIn(line: string): Step | Promise<Step> {
    const { signIn } = this.#conduct;
    return signIn === undefined ? this.#refuse('notHere') : this.#settleSigningIn(signIn.go(line));
  }

  #settleSigningIn(step: SignInStep | Promise<SignInStep>): Step | Promise<Step> {
    if (step instanceof Promise) return step.then((settled) => this.#settleSigningIn(settled));
    this.#isSigningIn = step.kind === 'ask';
    if (step.kind === 'ask') return this.#answer(reply(334, undefined, step.challenge));
    if (step.kind === 'refused') return this.#refuse(step.refusal);
    this.#isSignedIn = true;
    this.#idleCommands = 0;
    return this.#answer(reply(235, '2.7.0', 'signed in, for sending only'));
  }

  #forgetSignIn(): void {
    this.#isSigningIn = false;
    this.#isSignedIn = false;
    this.#conduct.signIn?.forget();
  }

  #startTls(): Step {
    if (this.#source.tlsVersion !== undefined) return this.#refuse('alreadySecure');
    if (!this.#options.tlsOffered) return this.#refuse('tlsNotOffered');
    return { replies: [reply(220, '2.0.0', 'ready for TLS')], next: { kind: 'startTls' } };
  }

  #mail(from: MailFrom): Step | Promise<Step> {
    if (this.#source.greetingName === '')
      return this.#refuse(this.#source.protocol === 'lmtp' ? 'needsLmtpGreeting' : 'needsGreeting');
    if (this.#envelope !== undefined) return this.#refuse('alreadyMail');
    const refusal = this.#checkSender(from);
    return refusal instanceof Promise
      ? refusal.then((settled) => this.#settleSender(from, settled))
      : this.#settleSender(from, refusal);
  }

  /** What every door asks of a sender, then what this one does. */
  #checkSender(from: MailFrom): ReturnType<Conduct<R>['checkSender']> {
    const { letterBytesMax, letterBytesUsual } = this.#options;
    if (from.needsUtf8 && !from.smtpUtf8) return 'needsUtf8';
    if (from.sizeBytes !== undefined && from.sizeBytes > letterBytesMax) return 'tooLarge';
    if (!this.#neighbours.inFlight.hasRoomFor(from.sizeBytes ?? letterBytesUsual)) return 'noRoom';
    return this.#conduct.checkSender(from, this.#source);
  }

  #settleSender(from: MailFrom, refusal: RefusalKind | undefined): Step {
    if (refusal !== undefined) return this.#refuse(refusal);
    this.#envelope = {
      from,
      accepted: [],
      addresses: [],
      tries: 0,
      letter: undefined,
      beganMs: 0,
      byChunks: false,
      lastChunk: false,
    };
    return this.#answer(senderOk);
  }

  #rcpt(to: RcptTo): Step | Promise<Step> {
    const envelope = this.#envelope;
    if (envelope === undefined) return this.#refuse('needsMail');
    if (envelope.byChunks) return this.#refuse('mixedDataAndBdat');
    if (to.needsUtf8 && !envelope.from.smtpUtf8) return this.#refuse('needsUtf8');
    if (envelope.accepted.length >= this.#options.recipientsMax || envelope.tries >= 2 * this.#options.recipientsMax)
      return this.#refuse('tooManyRecipients');
    envelope.tries++;
    const found = this.#conduct.findRecipient(to.recipient);
    return found instanceof Promise
      ? found.then((answer) => this.#settleRecipient(envelope, to.recipient, answer))
      : this.#settleRecipient(envelope, to.recipient, found);
  }

  #settleRecipient(envelope: Envelope<R>, asked: Address | 'postmaster', found: Result<R, WireRefusal>): Step {
    if (!found.ok) return this.#refuse(found.error.kind);
    envelope.accepted.push(found.value);
    envelope.addresses.push(asked === 'postmaster' ? { local: asked, domain: this.#options.domain } : asked);
    return this.#answer(recipientOk);
  }

  #data(): Step {
    const envelope = this.#envelope;
    if (envelope === undefined || envelope.accepted.length === 0) return this.#refuse(this.#whyNoLetter());
    if (envelope.byChunks) return this.#refuse('mixedDataAndBdat');
    const letter = this.#openLetter(envelope);
    return { replies: [goAhead], next: { kind: 'data', sink: (chunk, from, to) => letter.add(chunk, from, to) } };
  }

  #bdat(sizeBytes: number, last: boolean): Step {
    const envelope = this.#envelope;
    // The bytes come whether they are welcome or not (RFC 3030 §4.1): they are read, then answered.
    if (envelope === undefined || envelope.accepted.length === 0)
      return { replies: [], next: { kind: 'chunk', sizeBytes, sink: undefined } };
    const letter = envelope.letter ?? this.#openLetter(envelope);
    envelope.byChunks = true;
    envelope.lastChunk = last;
    return {
      replies: [],
      next: { kind: 'chunk', sizeBytes, sink: (chunk, from, to) => letter.add(chunk, from, to) },
    };
  }

  #openLetter(envelope: Envelope<R>): LetterBuffer {
    const letter = createLetterBuffer(this.#neighbours.inFlight, this.#options.letterBytesMax, envelope.from.sizeBytes);
    envelope.letter = letter;
    envelope.beganMs = this.#clock.nowMs();
    return letter;
  }

  async #finishLetter(fault: 'bareCr' | 'bareLf' | undefined): Promise<Step> {
    const envelope = this.#envelope;
    const letter = envelope?.letter;
    if (envelope === undefined || letter === undefined) return this.#refuse('needsRecipient');
    this.#envelope = undefined;
    this.#idleCommands = 0;
    try {
      const refusal = fault ?? letter.refusal;
      if (refusal !== undefined) return this.#refuseLetter(envelope, refusal);
      const traceId = newId<TraceId>();
      const taken = await this.#conduct.takeLetter({
        traceId,
        receivedMs: this.#clock.nowMs(),
        beganMs: envelope.beganMs,
        plainLetter: letter.bytes,
        sender: envelope.from.sender,
        smtpUtf8: envelope.from.smtpUtf8,
        accepted: envelope.accepted,
        recipientAddresses: envelope.addresses,
        source: this.#source,
        giveBack: () => letter.drop(),
      });
      if (!taken.ok) return this.#refuseLetter(envelope, taken.error.kind, taken.error.where);
      return this.#answerLetter(envelope, reply(250, '2.0.0', taken.value));
    } finally {
      letter.drop();
    }
  }

  /** Behind a bare CR or LF nobody knows what the client takes for commands: it is answered and cut off. */
  #refuseLetter(envelope: Envelope<R>, kind: RefusalKind, where?: string): Step {
    const step = this.#refuse(kind);
    if (step.next.kind === 'close') return step;
    const answer = this.#answerLetter(envelope, replyToRefusal(kind, where));
    return kind === 'bareCr' || kind === 'bareLf' ? { ...answer, next: { kind: 'close' } } : answer;
  }

  /** SMTP answers a letter once, LMTP once for each accepted recipient (RFC 2033 §4.2). */
  #answerLetter(envelope: Envelope<R>, answer: SmtpReply): Step {
    const times = this.#source.protocol === 'lmtp' ? envelope.accepted.length : 1;
    return { replies: Array.from({ length: times }, () => answer), next: goOn };
  }

  #whyNoLetter(): RefusalKind {
    return this.#envelope === undefined ? 'needsMail' : 'needsRecipient';
  }

  #answer(answer: SmtpReply): Step {
    return { replies: [answer], next: goOn };
  }

  /** A final no counts as an error of the client; whoever makes too many is told to leave. */
  #refuse(kind: RefusalKind): Step {
    const answer = replyToRefusal(kind);
    if (answer.code >= 500 && !this.#source.trusted) {
      this.#neighbours.noteError();
      if (++this.#errors > this.#options.errorsMax)
        return { replies: [replyToRefusal('tooManyErrors')], next: { kind: 'close' } };
    }
    return { replies: [answer], next: answer.code === 421 ? { kind: 'close' } : goOn };
  }
}

/** Whether a command brings no letter nearer; recipients and chunks have bounds of their own. */
function isIdle(command: SmtpCommand): boolean {
  return command.verb !== 'RCPT' && !(command.verb === 'BDAT' && command.sizeBytes > 0);
}
