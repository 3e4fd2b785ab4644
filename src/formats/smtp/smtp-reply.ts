// Replies of the server (RFC 5321 §4.2) with enhanced status codes (RFC 2034, RFC 3463).

export interface SmtpReply {
  readonly code: number;
  /** Class.subject.detail; greetings, 354 and the answers to HELO and EHLO have none (RFC 2034 §4). */
  readonly enhanced?: string;
  /** At least one; printable US-ASCII or UTF-8, no line ends. */
  readonly lines: readonly string[];
}

/** A reply of one line. */
export function reply(code: number, enhanced: string | undefined, text: string): SmtpReply {
  return enhanced === undefined ? { code, lines: [text] } : { code, enhanced, lines: [text] };
}

/** The bytes of a reply as text, each line with its code and ended by CRLF. */
export function formatReply(reply: SmtpReply): string {
  const enhanced = reply.enhanced === undefined ? '' : `${reply.enhanced} `;
  const last = reply.lines.length - 1;
  if (last === 0) return `${reply.code} ${enhanced}${reply.lines[0] ?? ''}\r\n`;
  return reply.lines.map((line, at) => `${reply.code}${at < last ? '-' : ' '}${enhanced}${line}\r\n`).join('');
}
