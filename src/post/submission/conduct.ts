// What submission asks of one connection: signed in over TLS, own addresses, known colleagues, then Sent copy and queue.

import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { formatAddress, normaliseAddress, type Address } from '#formats/smtp/address.ts';
import { ownAddressTest } from '#formats/smtp/own-address.ts';
import type { MailFrom } from '#formats/smtp/smtp-path.ts';
import type { Conduct, LetterSource, WireLetter, WireRefusal } from '../wire/conduct.ts';
import { createPlaceGate, type LetterPlace } from '../wire/letter-place.ts';
import type { RefusalKind } from '../wire/refusals.ts';
import type { Guest } from '../wire/sockets.ts';
import type { HandOver, LetterToHandOver } from './hand-over.ts';
import type { RecipientPlace, SubmissionNeighbours } from './neighbours.ts';
import { prepareLetter, type PreparedLetter } from './prepare-letter.ts';
import type { Seat, Seats } from './seats.ts';
import { createSignIn } from './sign-in.ts';

export interface ConductParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly domain: string;
  /** Loopback without a certificate, for tests. */
  readonly mayBeClear: boolean;
  readonly neighbours: SubmissionNeighbours;
  readonly seats: Seats;
  readonly handOver: HandOver;
}

type Letter = WireLetter<Address>;

export function createConduct(parts: ConductParts, guest: Guest): Conduct<Address> {
  const { neighbours, seats, mayBeClear, domain } = parts;
  const gate = createPlaceGate(neighbours.places ?? [], true);
  let seat: Seat | undefined;
  let isOwn: (address: string) => boolean = () => false;
  const leave = (): void => {
    seat?.leave();
    seat = undefined;
  };
  let hasLeft = false;
  guest.onLeave(() => {
    hasLeft = true;
    leave();
  });
  const signIn = createSignIn(neighbours, {
    mayBeClear,
    onSignedIn(program) {
      // whoever hung up meanwhile would keep its place for ever
      seat = hasLeft ? undefined : seats.take(program, guest);
      return seat !== undefined;
    },
    onForgotten: leave,
  });
  return {
    signIn,
    extensions: ({ tlsVersion }) => (tlsVersion !== undefined || mayBeClear ? ['AUTH PLAIN LOGIN'] : []),
    async checkSender(from, source) {
      gate.begin(from.sender, from.sizeBytes);
      if (seat === undefined) return whyNotSignedIn(source, mayBeClear);
      const accepting = neighbours.mayAccept();
      if (!accepting.ok) return accepting.error.kind;
      const own = await orUnavailable(parts, neighbours.ownAddresses(seat.program.accountId));
      if (own === undefined) return 'journalFailed';
      isOwn = ownAddressTest(own);
      return checkOwn(from, isOwn);
    },
    findRecipient(recipient) {
      const address = recipient === 'postmaster' ? { local: recipient, domain } : recipient;
      const gated = gate.find(recipient);
      if (gated instanceof Promise) return gated.then((found) => (found.ok ? ok(address) : found));
      if (gated !== undefined) return gated.ok ? ok(address) : gated;
      const settle = (place: RecipientPlace): Result<Address, WireRefusal> =>
        place === 'unknown' ? err({ kind: 'unknown' }) : ok(address);
      const place = neighbours.placeOf(normaliseAddress(address));
      return place instanceof Promise ? place.then(settle) : settle(place);
    },
    async takeLetter(letter) {
      if (seat === undefined) return err({ kind: 'needsSignIn' });
      if (gate.place !== undefined) return takeToPlace(parts, { seat, isOwn, letter, place: gate.place });
      const taken = await take(parts, seat, isOwn, letter);
      return taken.ok ? ok(`sealed and on its way, id=${taken.value}`) : taken;
    },
  };
}

function whyNotSignedIn({ tlsVersion }: LetterSource, mayBeClear: boolean): RefusalKind {
  return tlsVersion === undefined && !mayBeClear ? 'needsTls' : 'needsSignIn';
}

/** The null sender too: a mail program has no bounces to write, and who writes is said. */
function checkOwn({ sender }: MailFrom, isOwn: (address: string) => boolean): RefusalKind | undefined {
  return sender !== undefined && isOwn(formatAddress(sender)) ? undefined : 'foreignSender';
}

async function take(
  parts: ConductParts,
  seat: Seat,
  isOwn: (address: string) => boolean,
  letter: Letter,
): Promise<Result<string, WireRefusal>> {
  const prepared = await prepare(parts, seat, isOwn, letter);
  if (!prepared.ok) return prepared;
  const toHandOver: LetterToHandOver = {
    ...prepared.value,
    program: seat.program,
    traceId: letter.traceId,
    beganMs: letter.beganMs,
    mailFrom: letter.sender === undefined ? '' : formatAddress(letter.sender),
    recipients: [...new Set(letter.recipientAddresses.map(formatAddress))],
  };
  return (await orUnavailable(parts, parts.handOver.run(toHandOver))) ?? err({ kind: 'journalFailed' });
}

/** No Sent copy and no queue: what goes to a place is kept nowhere beside it. */
async function takeToPlace(
  parts: ConductParts,
  of: {
    readonly seat: Seat;
    readonly isOwn: (address: string) => boolean;
    readonly letter: Letter;
    readonly place: LetterPlace;
  },
): Promise<Result<string, WireRefusal>> {
  const { accepted: _, ...letter } = of.letter;
  const prepared = await prepare(parts, of.seat, of.isOwn, of.letter);
  if (!prepared.ok) return prepared;
  return of.place.take({ ...letter, plainLetter: Uint8Array.from(prepared.value.plainLeaving) }, true);
}

/** What every letter of a mail program goes through first. */
async function prepare(
  parts: ConductParts,
  seat: Seat,
  isOwn: (address: string) => boolean,
  letter: Letter,
): Promise<Result<PreparedLetter, WireRefusal>> {
  if (!seat.mayHandIn()) return err({ kind: 'tooManyLetters' });
  const isLiving = await orUnavailable(parts, parts.neighbours.isLiving(seat.program));
  if (isLiving !== true) return err({ kind: isLiving === false ? 'signInEnded' : 'journalFailed' });
  const { plainLetter, traceId, receivedMs } = letter;
  const protocol = protocolWord(letter);
  return prepareLetter({ plainLetter, traceId, receivedMs, protocol, domain: parts.domain, isOwn });
}

/** RFC 3848, RFC 6531 §4.3. */
function protocolWord({ smtpUtf8, source }: Letter): string {
  return `${smtpUtf8 ? 'UTF8SMTP' : 'ESMTP'}${source.tlsVersion === undefined ? '' : 'S'}A`;
}

/** Undefined when the rows cannot be asked: the client tries again later. */
async function orUnavailable<T>({ log }: ConductParts, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (cause) {
    log.fault('submission.unavailable', cause);
    return undefined;
  }
}
