// Letters that carry a marker wherever a letter says something: subject, names, addresses, body, attachment's name and content.

export const PLACES = ['subject', 'name', 'sender', 'body', 'file', 'content', 'field'] as const;
export type MarkedPlace = (typeof PLACES)[number];

export interface CanaryLetter {
  readonly from: string;
  readonly bytes: Buffer;
}

/** `marker`: one word in lower case, the beginning of every marker in the letter; each place adds its own name and the number. */
export function makeCanaryLetter(marker: string, n: number): CanaryLetter {
  const word = (place: MarkedPlace): string => `${marker}${place}${n}`;
  const from = `${word('sender')}@${marker}sender.example`;
  const head = (subject: string, name: string): string[] => [
    `From: ${name} <${from}>`,
    `To: Anna <anna@siegel.test>`,
    `Subject: ${subject}`,
    `Date: Sun, 17 May 2026 10:00:00 +0000`,
    `Message-ID: <${word('field')}@${marker}field.example>`,
    `X-Note: ${word('field')}`,
    'MIME-Version: 1.0',
  ];
  const shapes = [plainLetter, base64Letter, attachedLetter, longLetter];
  const shape = shapes[n % shapes.length] ?? plainLetter;
  return { from, bytes: Buffer.from(shape({ word, head }).join('\r\n')) };
}

interface Parts {
  readonly word: (place: MarkedPlace) => string;
  readonly head: (subject: string, name: string) => string[];
}

function plainLetter({ word, head }: Parts): string[] {
  return [
    ...head(`About ${word('subject')} and more`, word('name')),
    `Content-Type: text/plain; charset=utf-8; name="${word('file')}.txt"`,
    '',
    `Dear Anna, ${word('body')} is what this is about; ${word('content')} too.`,
    '',
  ];
}

function base64Letter({ word, head }: Parts): string[] {
  return [
    ...head(encoded(`Über ${word('subject')}`), encoded(`Jörg ${word('name')}`)),
    `Content-Type: text/plain; charset=utf-8; name="${word('file')}.txt"`,
    'Content-Transfer-Encoding: base64',
    '',
    ...base64Lines(`Grüße: ${word('body')} und ${word('content')}.\r\n`.repeat(20)),
    '',
  ];
}

function attachedLetter({ word, head }: Parts): string[] {
  return [
    ...head(`=?utf-8?Q?Re:_${word('subject')}?=`, `"${word('name')}, Dr."`),
    'Content-Type: multipart/mixed; boundary=outer',
    '',
    '--outer',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    `<p title=3D"x">Hello <b>${word('body')}</b>, see the file.</p>`,
    '--outer',
    `Content-Type: application/pdf; name*=utf-8''${word('file')}%2Epdf`,
    `Content-Disposition: attachment; filename="${word('file')}.pdf"`,
    'Content-Transfer-Encoding: base64',
    '',
    ...base64Lines(`%PDF ${word('content')} `.repeat(200)),
    '--outer--',
    '',
  ];
}

function longLetter({ word, head }: Parts): string[] {
  return [
    ...head(word('subject'), word('name')),
    'Content-Type: text/plain; charset=utf-8',
    `Content-Disposition: inline; filename=${word('file')}.txt`,
    '',
    ...Array.from({ length: 300 }, (_, line) => `Line ${line} says ${word('body')} and ${word('content')} once more.`),
    '',
  ];
}

function encoded(text: string): string {
  return `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
}

function base64Lines(text: string): readonly string[] {
  return (
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  );
}
