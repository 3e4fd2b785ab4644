// The codes of an SMTP server's replies, one for each whole reply (RFC 5321 §4.2.1).

import type { Socket } from 'node:net';

/** Called once for each reply that is due; 421 for ever once the connection is gone. */
export function codesOf(socket: Socket): () => Promise<number> {
  const codes: number[] = [];
  let text = '';
  let isGone = false;
  let heard: () => void = () => undefined;
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
      if (text.charAt(3) !== '-') codes.push(Number(text.slice(0, 3)));
      text = text.slice(end + 2);
    }
    heard();
  });
  const gone = (): void => {
    isGone = true;
    heard();
  };
  socket.on('error', gone);
  socket.on('close', gone);
  return async () => {
    for (;;) {
      const code = codes.shift();
      if (code !== undefined || isGone) return code ?? 421;
      await new Promise<void>((resolve) => (heard = resolve));
    }
  };
}
