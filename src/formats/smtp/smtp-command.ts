// One command line of SMTP or LMTP → a value (RFC 5321 §4.1, RFC 2033 §4.1, RFC 3030 §2, RFC 3207 §4, RFC 4954 §4).

import { err, ok, type Result } from '#base/result.ts';
import { parseMailFrom, parseRcptTo, type MailFrom, type PathRefusal, type RcptTo } from './smtp-path.ts';

export type SmtpCommand =
  | { readonly verb: 'HELO' | 'EHLO' | 'LHLO'; readonly name: string }
  | { readonly verb: 'MAIL'; readonly from: MailFrom }
  | { readonly verb: 'RCPT'; readonly to: RcptTo }
  | { readonly verb: 'BDAT'; readonly sizeBytes: number; readonly last: boolean }
  | { readonly verb: 'DATA' | 'RSET' | 'NOOP' | 'QUIT' | 'VRFY' | 'EXPN' | 'HELP' | 'STARTTLS' }
  /** RFC 4954 §4; `initial` undefined: the client waits to be asked. */
  | { readonly verb: 'AUTH'; readonly mechanism: string; readonly initial: string | undefined };

export type CommandRefusal =
  | PathRefusal
  | { readonly kind: 'unknownCommand' }
  | { readonly kind: 'badName' }
  | { readonly kind: 'badChunkSize' }
  | { readonly kind: 'needsNoArgument' };

const CHUNK_SIZE = /^(\d{1,15})(?: +(LAST))?$/i;
// A host name or address literal. Many clients say something looser; only what could confuse a log or a header is refused.
const GREETING_NAME = /^[\x21-\x7e\u{a0}-\u{10ffff}]{1,255}$/u;

/** `line` is without its CRLF. Control characters and DEL are refused by the caller's reader (`isPrintable`). */
export function parseCommand(line: string): Result<SmtpCommand, CommandRefusal> {
  const space = line.indexOf(' ');
  const verb = (space < 0 ? line : line.slice(0, space)).toUpperCase();
  const argument = space < 0 ? '' : line.slice(space + 1).trimEnd();
  switch (verb) {
    case 'MAIL':
      return parseMail(argument);
    case 'RCPT':
      return parseRcpt(argument);
    case 'BDAT':
      return parseBdat(argument);
    case 'HELO':
    case 'EHLO':
    case 'LHLO': {
      const name = argument.trim();
      return GREETING_NAME.test(name) ? ok({ verb, name }) : err({ kind: 'badName' });
    }
    case 'DATA':
    case 'RSET':
    case 'QUIT':
    case 'STARTTLS':
      return argument === '' ? ok({ verb }) : err({ kind: 'needsNoArgument' });
    case 'NOOP':
    case 'VRFY':
    case 'EXPN':
    case 'HELP':
      return ok({ verb });
    case 'AUTH': {
      const [mechanism = '', initial, ...rest] = argument.split(' ');
      return rest.length > 0
        ? err({ kind: 'badParameter' })
        : ok({ verb, mechanism: mechanism.toUpperCase(), initial });
    }
    default:
      return err({ kind: 'unknownCommand' });
  }
}

/** A command line holds no control characters: a bare CR, a NUL or an escape in it is an attempt at something. */
export function isPrintable(line: string): boolean {
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if ((code < 32 && code !== 9) || code === 127) return false;
  }
  return true;
}

function parseMail(argument: string): Result<SmtpCommand, CommandRefusal> {
  if (argument.slice(0, 5).toUpperCase() !== 'FROM:') return err({ kind: 'badSyntax' });
  const from = parseMailFrom(argument.slice(5));
  return from.ok ? ok({ verb: 'MAIL', from: from.value }) : from;
}

function parseRcpt(argument: string): Result<SmtpCommand, CommandRefusal> {
  if (argument.slice(0, 3).toUpperCase() !== 'TO:') return err({ kind: 'badSyntax' });
  const to = parseRcptTo(argument.slice(3));
  return to.ok ? ok({ verb: 'RCPT', to: to.value }) : to;
}

function parseBdat(argument: string): Result<SmtpCommand, CommandRefusal> {
  const match = CHUNK_SIZE.exec(argument);
  const size = match?.[1];
  if (size === undefined) return err({ kind: 'badChunkSize' });
  return ok({ verb: 'BDAT', sizeBytes: Number(size), last: match?.[2] !== undefined });
}
