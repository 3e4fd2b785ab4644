// Letters signed with DKIM by domains that exist only in a test's zone; for tests and benches.

import { generateKeyPairSync } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Zone } from './dns-server.ts';

export interface SigningDomain {
  readonly domain: string;
  readonly selector: string;
  readonly privateKeyPem: string;
  /** DKIM key, SPF and DMARC of the domain, for `startDnsServer`. */
  readonly zone: Zone;
}

export interface SigningOptions {
  readonly selector?: string;
  readonly bits?: number;
  readonly spf?: string;
  readonly dmarc?: string;
}

/** Makes an RSA key (2,048 bits unless told otherwise); SPF allows 127.0.0.0/8, DMARC asks to reject. */
export function makeSigningDomain(domain: string, options: SigningOptions = {}): SigningDomain {
  const { selector = 's1', bits = 2_048, spf = 'v=spf1 ip4:127.0.0.0/8 -all', dmarc = 'v=DMARC1; p=reject' } = options;
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return {
    domain,
    selector,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    zone: {
      [`${selector}._domainkey.${domain}`]: { TXT: [`v=DKIM1; k=rsa; p=${p}`] },
      [domain]: { TXT: [spf] },
      [`_dmarc.${domain}`]: { TXT: [dmarc] },
    },
  };
}

export interface LetterToSign {
  readonly from: string;
  readonly to: string;
  readonly subject?: string;
  readonly text?: string;
  /** Filled up with text to about this size. */
  readonly sizeBytes?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The letter as it goes over the wire, lines ended by CRLF, signed relaxed/relaxed. */
export async function signLetter(signer: SigningDomain, letter: LetterToSign): Promise<Buffer> {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message } = await transport.sendMail({
    from: letter.from,
    to: letter.to,
    subject: letter.subject ?? 'A letter',
    text: (letter.text ?? '') + fill(letter.sizeBytes ?? 0),
    headers: { ...letter.headers },
    dkim: { domainName: signer.domain, keySelector: signer.selector, privateKey: signer.privateKeyPem },
  });
  if (!Buffer.isBuffer(message)) throw new Error('the transport was told to give a buffer');
  return message;
}

const HEADER_BYTES = 900;
const WORDS = 'the quick secretary of the law office wrote another letter about a matter that will not rest'.split(' ');

/** Words in lines of about 72 characters, different for each size. */
function fill(sizeBytes: number): string {
  const lines: string[] = [];
  let length = 0;
  for (let n = 0; length < sizeBytes - HEADER_BYTES; n++) {
    let line = '';
    for (let word = 0; line.length < 66; word++)
      line += `${WORDS[(n * 7 + word * (1 + (n % 5))) % WORDS.length] ?? ''} `;
    lines.push(`${n} ${line.trim()}`);
    length += line.length + 4;
  }
  return lines.join('\n');
}
