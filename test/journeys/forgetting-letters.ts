// Plain letters for the journey of forgetting: different each time.

import { randomBytes } from 'node:crypto';

export function makeLetterBytes(to: string, n: number): Buffer {
  const word = randomBytes(12).toString('hex');
  return Buffer.from(
    `From: A <a@b.example>\r\nTo: ${to}\r\nSubject: Letter ${n} ${word}\r\nMessage-ID: <${word}@b.example>\r\nDate: Fri, 02 Jan 2026 10:00:00 +0000\r\n\r\nText ${word}\r\n`,
  );
}
