// A small SMTP client for the sample letters: one letter, one recipient, one connection (RFC 5321 §3.3).

import { connect, type Socket } from 'node:net';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';

export interface LetterToSend {
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly to: string;
  /** Lines end in CRLF. */
  readonly plainLetter: string;
}

export type SendRefusal = { readonly kind: 'unreachable' | 'not-taken'; readonly sentence: string };

/** Sends the letter; `reply` is the server's last line, which names the letter's trace id. */
export async function sendLetter(letter: LetterToSend): Promise<Result<{ readonly reply: string }, SendRefusal>> {
  const socket = connect({ host: letter.host, port: letter.port });
  socket.setTimeout(limits.smtp.dataWaitMs, () => socket.destroy());
  try {
    return await converse(socket, letter);
  } catch {
    return err({
      kind: 'unreachable',
      sentence: `nobody answers at ${letter.host} port ${letter.port}. Is siegel running?`,
    });
  } finally {
    socket.destroy();
  }
}

async function converse(
  socket: Socket,
  letter: LetterToSend,
): Promise<Result<{ readonly reply: string }, SendRefusal>> {
  const replies = readReplies(socket);
  const dotted = letter.plainLetter.replaceAll(/^\./gm, '..');
  const steps: readonly (readonly [string | undefined, number])[] = [
    [undefined, 220],
    ['EHLO sample.siegel.test\r\n', 250],
    [`MAIL FROM:<${letter.from}>\r\n`, 250],
    [`RCPT TO:<${letter.to}>\r\n`, 250],
    ['DATA\r\n', 354],
    [`${dotted}.\r\n`, 250],
  ];
  let reply = '';
  for (const [command, expected] of steps) {
    if (command !== undefined) socket.write(command);
    const next = await replies.next();
    if (next.done === true) throw new Error('the connection ended early');
    reply = next.value;
    if (!reply.startsWith(String(expected)))
      return err({ kind: 'not-taken', sentence: `the letter was not taken: ${reply}` });
  }
  socket.write('QUIT\r\n');
  return ok({ reply });
}

/** The last line of each reply, without its line end. */
async function* readReplies(socket: Socket): AsyncGenerator<string, void, void> {
  let pending = '';
  const chunks: AsyncIterable<Buffer> = socket;
  for await (const chunk of chunks) {
    pending += chunk.toString('latin1');
    for (let end = pending.indexOf('\r\n'); end >= 0; end = pending.indexOf('\r\n')) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 2);
      if (/^\d{3}(?: |$)/.test(line)) yield line;
    }
    if (pending.length > limits.smtp.commandLineBytes) return;
  }
}
