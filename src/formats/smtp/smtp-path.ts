// Paths and parameters behind MAIL FROM: and RCPT TO: (RFC 5321 §4.1.2; SIZE RFC 1870; BODY RFC 6152; SMTPUTF8 RFC 6531).

import { err, ok, type Result } from '#base/result.ts';
import { isAscii, parseAddress, type Address } from './address.ts';

export type PathRefusal =
  | { readonly kind: 'badSyntax' }
  | { readonly kind: 'badAddress' }
  | { readonly kind: 'unknownParameter' }
  | { readonly kind: 'badParameter' };

export interface MailFrom {
  /** undefined: the null reverse path `<>`. */
  readonly sender: Address | undefined;
  readonly sizeBytes: number | undefined;
  readonly body: '7bit' | '8bitmime' | undefined;
  readonly smtpUtf8: boolean;
  /** Whether the path itself has letters beyond ASCII. */
  readonly needsUtf8: boolean;
}

export interface RcptTo {
  /** `postmaster` without a domain is allowed (RFC 5321 §4.1.1.3). */
  readonly recipient: Address | 'postmaster';
  readonly needsUtf8: boolean;
}

const PARAMETER = /^([a-z0-9][a-z0-9-]*)(?:=([\x21-\x3c\x3e-\x7e]+))?$/i;
const SOURCE_ROUTE = /^(?:@[^@,:<>"\s]+,)*@[^@,:<>"\s]+:/; // accepted and ignored (RFC 5321 §4.1.1.3)

/** What stands behind `MAIL FROM:`. One space after the colon is common in the wild and harmless. */
export function parseMailFrom(text: string): Result<MailFrom, PathRefusal> {
  const parts = splitPath(text);
  if (parts === undefined) return err({ kind: 'badSyntax' });
  const parameters = parseParameters(parts.rest, ['SIZE', 'BODY', 'SMTPUTF8']);
  if (!parameters.ok) return parameters;
  const size = parameters.value.get('SIZE');
  const body = parameters.value.get('BODY')?.toLowerCase();
  if (size !== undefined && !/^\d{1,15}$/.test(size)) return err({ kind: 'badParameter' });
  if (parameters.value.has('BODY') && body !== '7bit' && body !== '8bitmime') return err({ kind: 'badParameter' });
  const smtpUtf8 = parameters.value.has('SMTPUTF8');
  if (smtpUtf8 && parameters.value.get('SMTPUTF8') !== '') return err({ kind: 'badParameter' });
  const sender = parts.path === '' ? ok(undefined) : parseAddress(parts.path.replace(SOURCE_ROUTE, ''));
  if (!sender.ok) return sender;
  return ok({
    sender: sender.value,
    sizeBytes: size === undefined ? undefined : Number(size),
    body: body === '7bit' || body === '8bitmime' ? body : undefined,
    smtpUtf8,
    needsUtf8: !isAscii(parts.path),
  });
}

/** What stands behind `RCPT TO:`. */
export function parseRcptTo(text: string): Result<RcptTo, PathRefusal> {
  const parts = splitPath(text);
  if (parts === undefined) return err({ kind: 'badSyntax' });
  const parameters = parseParameters(parts.rest, []);
  if (!parameters.ok) return parameters;
  if (/^postmaster$/i.test(parts.path)) return ok({ recipient: 'postmaster', needsUtf8: false });
  const recipient = parseAddress(parts.path.replace(SOURCE_ROUTE, ''));
  if (!recipient.ok) return recipient;
  return ok({ recipient: recipient.value, needsUtf8: !isAscii(parts.path) });
}

/** `<path> rest` → both; a `>` inside a quoted local part does not end the path. */
function splitPath(text: string): { readonly path: string; readonly rest: string } | undefined {
  const from = text.startsWith(' ') ? 1 : 0;
  if (text[from] !== '<') return undefined;
  let quoted = false;
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (character === '>' && !quoted) {
      const rest = text.slice(at + 1);
      if (rest !== '' && !rest.startsWith(' ')) return undefined;
      return { path: text.slice(from + 1, at), rest: rest.trim() };
    }
  }
  return undefined;
}

function parseParameters(rest: string, known: readonly string[]): Result<ReadonlyMap<string, string>, PathRefusal> {
  const parameters = new Map<string, string>();
  if (rest === '') return ok(parameters);
  for (const word of rest.split(/ +/)) {
    const match = PARAMETER.exec(word);
    const name = match?.[1]?.toUpperCase();
    if (name === undefined || parameters.has(name)) return err({ kind: 'badParameter' });
    if (!known.includes(name)) return err({ kind: 'unknownParameter' });
    parameters.set(name, match?.[2] ?? '');
  }
  return ok(parameters);
}
