// What we say about a recipient when no peer decided: one table from a refusal of ours to kind, enhanced code and a sentence (RFC 3463).

import { unreachable } from '#base/assert.ts';
import type { SmtpReply } from '#formats/smtp/smtp-reply.ts';
import { limits } from '#base/limits.ts';
import type { RecipientOutcomeKind } from '../transport.ts';
import type { AddressesRefusal, DestinationRefusal } from './destination.ts';
import type { SessionRefusal } from './session.ts';
import type { WireFault } from './wire.ts';

export interface OwnWords {
  /** A peer's, when it spoke before any recipient was named; else 0. */
  readonly code: number;
  readonly kind: Exclude<RecipientOutcomeKind, 'delivered'>;
  readonly enhanced: string;
  readonly plainText: string;
}

function later(enhanced: string, plainText: string): OwnWords {
  return { code: 0, kind: 'deferred', enhanced: `4.${enhanced}`, plainText };
}

function never(enhanced: string, plainText: string): OwnWords {
  return { code: 0, kind: 'failed', enhanced: `5.${enhanced}`, plainText };
}

export const badAddress = never('1.3', 'This is not an address that mail can be sent to.');
export const needsSmtpUtf8 = never(
  '6.7',
  'The address or the header of the letter has letters beyond ASCII, and the recipient’s server does not take them (SMTPUTF8).',
);
export const needsEightBit = never(
  '6.3',
  'The recipient’s server takes only letters in 7 bits, and this one cannot be encoded anew without breaking its signature.',
);
export const noHostLeft = later('4.1', 'None of the domain’s mail servers could be reached.');
export const closing = later('3.2', 'This server was stopped before the letter left.');

export function tooLarge(bytesMax: number): OwnWords {
  const megabytes = Math.max(0.1, Math.floor(bytesMax / 100_000) / 10);
  return never('3.4', `The letter is too large: the recipient’s server takes ${megabytes} MB at most.`);
}

export function ofFault(fault: WireFault): OwnWords {
  switch (fault.kind) {
    case 'unreachable':
      return later('4.1', `The recipient’s server cannot be reached (${fault.code}).`);
    case 'timeout':
      return later('4.2', 'The recipient’s server did not answer in time.');
    case 'dropped':
      return later('4.2', 'The recipient’s server hung up in the middle.');
    case 'tlsFailed':
      return later('7.5', `No encrypted connection to the recipient’s server came about (${fault.code}).`);
    case 'injected':
      return later('7.5', 'Somebody spoke in between before the connection was encrypted.');
    case 'replyLineTooLong':
    case 'replyTooLong':
    case 'tooManyReplies':
    case 'notAReply':
      return later('5.0', 'The recipient’s server does not speak SMTP.');
    default:
      return unreachable(fault);
  }
}

export function ofSession(refusal: SessionRefusal): OwnWords {
  switch (refusal.kind) {
    case 'fault':
      return ofFault(refusal.fault);
    case 'refused': // it takes nothing from us; whether the domain has other hosts is seen by whoever asks
      return quoted(refusal.reply, refusal.reply.code >= 500 ? 'failed' : 'deferred');
    case 'tlsNotOffered':
      return later('7.4', 'The recipient’s domain demands encryption, and its server does not offer it.');
    case 'tlsRefused':
      return quoted(refusal.reply, 'deferred');
    case 'notVerified':
      return later('7.5', `The server’s certificate does not prove that it is the right one (${refusal.code}).`);
    case 'signInImpossible':
      return later('7.0', 'The mail relay of this house offers no way to sign in.');
    case 'signInRefused':
      return quoted(refusal.reply, 'deferred'); // the operator's mistake, not the sender's
    default:
      return unreachable(refusal);
  }
}

export function ofDestination(refusal: DestinationRefusal): OwnWords {
  switch (refusal.kind) {
    case 'badDomain':
      return badAddress;
    case 'noSuchDomain':
      return never('1.2', 'There is no mail server for this domain.');
    case 'takesNoMail':
      return never('1.10', 'The domain says that it takes no mail.');
    case 'noAnswer':
      return later('4.3', 'The name servers of the domain do not answer.');
    case 'loop':
      return never('4.6', 'The domain’s mail comes to this house, which has no such domain.');
    case 'literal':
      return never('1.2', 'Letters to bare IP addresses are not sent.');
    case 'noHostInPolicy':
      return later('7.5', 'None of the domain’s mail servers is one that its own TLS policy names.');
    default:
      return unreachable(refusal);
  }
}

export function ofAddresses(refusal: AddressesRefusal): OwnWords {
  switch (refusal.kind) {
    case 'noAddress':
      return later('4.4', 'The domain’s mail server has no address.');
    case 'noAnswer':
      return later('4.3', 'The name servers of the domain do not answer.');
    case 'notPublic':
      return never('4.4', 'The domain’s mail server stands in a private network.');
    default:
      return unreachable(refusal);
  }
}

function quoted(reply: SmtpReply, kind: OwnWords['kind']): OwnWords {
  const enhanced = reply.enhanced ?? (kind === 'failed' ? '5.3.2' : '4.3.2');
  const plainText = reply.lines.join(' ').slice(0, limits.delivery.plainTextCharacters);
  return { code: reply.code, kind, enhanced: kind === 'deferred' ? enhanced.replace(/^5/, '4') : enhanced, plainText };
}
