// Letters to the desk as authorities and their gateways send them: sealed by gpg and openssl, mangled by hand; each with the channel that it came by.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Classified, FactKind } from '#office/desk/classify/facts.ts';

export const noTools: string | undefined = ['gpg', 'openssl'].find(
  (name) =>
    spawnSync(name, ['version', '--version'].slice(name === 'gpg' ? 1 : 0, name === 'gpg' ? 2 : 1)).status !== 0,
);

export interface RequestLetter {
  readonly name: string;
  readonly bytes: Buffer;
  readonly channel: Classified['channel'];
  readonly facts: readonly FactKind[];
}

/** What the tools made once: every letter is put together from these. */
export interface Sealed {
  readonly armored: string;
  readonly binary: Buffer;
  readonly hidden: string;
  readonly password: string;
  readonly key: string;
  readonly signature: string;
  readonly clearSigned: string;
  readonly signedMessage: string;
  readonly enveloped: Buffer;
  readonly gcm: Buffer;
  readonly indefinite: Buffer;
  readonly envelopedPem: string;
  readonly opaque: Buffer;
  readonly detached: Buffer;
  readonly signedInside: Buffer;
  readonly signedOutside: Buffer;
}

const INSIDE = 'Content-Type: text/plain; charset=utf-8\r\n\r\nAuskunftsersuchen zu canary@kanzlei.test\r\n';

export function makeSealed(): Sealed {
  const folder = mkdtempSync(join(tmpdir(), 'sgl-requests-'));
  try {
    return { ...sealWithGpg(folder), ...sealWithOpenssl(folder) };
  } finally {
    spawnSync('gpgconf', ['--homedir', folder, '--kill', 'all']);
    rmSync(folder, { recursive: true, force: true });
  }
}

function sealWithGpg(folder: string) {
  const gpg = (words: readonly string[], input = INSIDE): Buffer =>
    execFileSync('gpg', ['--homedir', folder, '--batch', '--yes', '--trust-model', 'always', '--quiet', ...words], {
      input,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  gpg(['--passphrase', '', '--quick-gen-key', 'desk@house.test', 'future-default', 'default', 'never']);
  const to = ['--recipient', 'desk@house.test'];
  const text = (words: readonly string[]): string => gpg(['--armor', ...words]).toString('latin1');
  return {
    armored: text([...to, '--encrypt']),
    binary: gpg([...to, '--encrypt']),
    hidden: text(['--hidden-recipient', 'desk@house.test', '--encrypt']),
    password: text(['--passphrase', 'x', '--pinentry-mode', 'loopback', '--symmetric']),
    key: text(['--export', 'desk@house.test']),
    signature: text(['--detach-sign']),
    clearSigned: text(['--clear-sign']),
    signedMessage: text(['--sign']),
  };
}

function sealWithOpenssl(folder: string) {
  const at = (name: string): string => join(folder, name);
  const openssl = (...words: string[]): void => void execFileSync('openssl', words, { stdio: 'ignore' });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', at('key.pem'), '-out', at('cert.pem'), '-days', '30', '-subj', '/CN=desk'); // prettier-ignore
  writeFileSync(at('inside'), INSIDE);
  const cms = (name: string, from: string, ...words: string[]): Buffer => {
    openssl('cms', ...words, '-in', at(from), '-binary', '-outform', 'DER', '-out', at(name));
    return readFileSync(at(name));
  };
  const signer = ['-signer', at('cert.pem'), '-inkey', at('key.pem')];
  const enveloped = cms('enveloped', 'inside', '-encrypt', '-aes-256-cbc', '-recip', at('cert.pem'));
  const opaque = cms('opaque', 'inside', '-sign', '-nodetach', ...signer);
  const wrap = (bytes: Buffer): string =>
    `Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\n${folded(bytes)}\r\n`;
  writeFileSync(at('wrapped'), wrap(enveloped));
  openssl('cms', '-encrypt', '-aes-256-cbc', '-in', at('inside'), '-outform', 'PEM', '-out', at('pem'), at('cert.pem'));
  return {
    enveloped,
    gcm: cms('gcm', 'inside', '-encrypt', '-aes-256-gcm', '-recip', at('cert.pem')),
    indefinite: cms('stream', 'inside', '-encrypt', '-stream', '-aes-256-cbc', '-recip', at('cert.pem')),
    envelopedPem: readFileSync(at('pem'), 'latin1'),
    opaque,
    detached: cms('detached', 'inside', '-sign', ...signer),
    signedInside: cms('inside-signed', 'opaque', '-encrypt', '-aes-256-cbc', '-recip', at('cert.pem')),
    signedOutside: cms('outside-signed', 'wrapped', '-sign', '-nodetach', ...signer),
  };
}

function folded(bytes: Buffer): string {
  return (bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n');
}

/** One part with its fields. */
export function part(
  type: string,
  body: string | Buffer,
  coding = typeof body === 'string' ? '8bit' : 'base64',
): string {
  const text = typeof body === 'string' ? body : folded(body);
  return `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${coding}\r\n\r\n${text}\r\n`;
}

export function multipart(
  type: string,
  parts: readonly string[],
  around: { before?: string; after?: string } = {},
): string {
  const mark = `b${parts.length}x${parts.join('').length}`;
  const lines = parts.map((one) => `--${mark}\r\n${one}`);
  return `Content-Type: ${type}; boundary="${mark}"\r\n\r\n${around.before ?? ''}\r\n${lines.join('')}--${mark}--\r\n${around.after ?? ''}`;
}

const HEAD = 'From: sta@justiz.test\r\nTo: desk@house.test\r\nSubject: Ersuchen\r\nMIME-Version: 1.0\r\n';

export function letter(entity: string): Buffer {
  return Buffer.from(HEAD + entity, 'latin1');
}

const VERSION = part('application/pgp-encrypted', 'Version: 1\r\n');
const PLEASE = part('text/plain; charset=utf-8', 'Bitte um Auskunft zu canary@kanzlei.test.');
const quoted = (text: string): string => text.replaceAll(/^/gm, '> ');
/** As gateways write it that trust no long line and no equals sign. */
const qp = (text: string): string => text.replaceAll('=', '=3D').replaceAll(/([^\r\n]{60})(?=[^\r\n])/g, '$1=\r\n');

export function requestLetters(s: Sealed): readonly RequestLetter[] {
  const of = (
    name: string,
    entity: string,
    channel: Classified['channel'],
    facts: readonly FactKind[],
  ): RequestLetter => ({ name, bytes: letter(entity), channel, facts });
  const pgpMime = (...parts: string[]): string =>
    multipart('multipart/encrypted; protocol="application/pgp-encrypted"', parts);
  const octets = (text: string | Buffer): string => part('application/octet-stream; name="encrypted.asc"', text);
  const smime = (bytes: Buffer, type = 'enveloped-data'): string =>
    part(`application/pkcs7-mime; smime-type=${type}; name=smime.p7m`, bytes);
  return [
    of('PGP/MIME', pgpMime(VERSION, octets(s.armored)), 'PGP', ['version', 'pgpEncrypted']),
    of('PGP/MIME, binary', pgpMime(VERSION, octets(s.binary)), 'PGP', ['version', 'pgpEncrypted']),
    of('PGP/MIME, the parts changed places', pgpMime(octets(s.armored), VERSION), 'PGP', ['pgpEncrypted', 'version']),
    of('PGP/MIME with the customary sentence', multipart('multipart/encrypted', [VERSION, octets(s.armored)], { before: 'This is an OpenPGP/MIME encrypted message (RFC 4880 and 3156)' }), 'PGP', ['version', 'pgpEncrypted']), // prettier-ignore
    of('PGP/MIME with a sentence of their own before it', multipart('multipart/encrypted', [VERSION, octets(s.armored)], { before: 'Es geht um canary.' }), 'MIXED', ['clearText', 'version', 'pgpEncrypted']), // prettier-ignore
    of('PGP/MIME with a line behind the last part', multipart('multipart/encrypted', [VERSION, octets(s.armored)], { after: 'Es geht um canary.\r\n' }), 'MIXED', ['clearText', 'version', 'pgpEncrypted']), // prettier-ignore
    of('PGP/MIME made multipart/mixed by a gateway', multipart('multipart/mixed', [VERSION, octets(s.armored)]), 'PGP', ['version', 'pgpEncrypted']), // prettier-ignore
    of('the same with an empty text before it', multipart('multipart/mixed', [part('text/plain', '\r\n'), VERSION, octets(s.armored)]), 'PGP', ['version', 'pgpEncrypted']), // prettier-ignore
    of('the same with a footer of the gateway', multipart('multipart/mixed', [VERSION, octets(s.armored), part('text/plain', 'Geprüft.')]), 'MIXED', ['version', 'pgpEncrypted', 'clearText']), // prettier-ignore
    of('PGP/MIME as text/plain', multipart('multipart/mixed', [part('text/plain', s.armored)]), 'PGP', ['pgpEncrypted']), // prettier-ignore
    of('inline, whole body', part('text/plain', s.armored), 'PGP', ['pgpEncrypted']),
    of('inline, base64', part('text/plain', Buffer.from(s.armored)), 'PGP', ['pgpEncrypted']),
    of('inline, quoted-printable', part('text/plain', qp(s.armored), 'quoted-printable'), 'PGP', ['pgpEncrypted']),
    of('inline, without any type', `\r\n${s.armored}`, 'PGP', ['pgpEncrypted']),
    of('inline, line ends without CR', part('text/plain', s.armored.replaceAll('\r\n', '\n')), 'PGP', ['pgpEncrypted']),
    of('inline, in HTML', part('text/html', `<html><body><pre>\r\n${s.armored}\r\n</pre></body></html>`), 'PGP', ['pgpEncrypted']), // prettier-ignore
    of('two inline messages', part('text/plain', `${s.armored}\r\n\r\n${s.armored}`), 'PGP', ['pgpEncrypted', 'pgpEncrypted']), // prettier-ignore
    of('inline, a line above', part('text/plain', `Eilt!\r\n\r\n${s.armored}`), 'MIXED', ['clearText', 'pgpEncrypted']),
    of('inline, a line below', part('text/plain', `${s.armored}\r\n-- \r\nStA`), 'MIXED', [
      'pgpEncrypted',
      'clearText',
    ]),
    of('inline and a clear file', multipart('multipart/mixed', [part('text/plain', s.armored), part('application/pdf', Buffer.from('%PDF-1.4\0canary'))]), 'MIXED', ['pgpEncrypted', 'clearFile']), // prettier-ignore
    of('inline and an encrypted file', multipart('multipart/mixed', [part('text/plain', s.armored), part('application/octet-stream; name=a.pdf.pgp', s.binary)]), 'PGP', ['pgpEncrypted', 'pgpEncrypted']), // prettier-ignore
    of('only an encrypted file', multipart('multipart/mixed', [part('text/plain', ''), part('application/pgp; name=a.gpg', s.binary)]), 'PGP', ['pgpEncrypted']), // prettier-ignore
    of('an encrypted file under a clear text', multipart('multipart/mixed', [PLEASE, part('application/pgp; name=a.gpg', s.binary)]), 'MIXED', ['clearText', 'pgpEncrypted']), // prettier-ignore
    of('for hidden recipients', part('text/plain', s.hidden), 'PGP', ['pgpEncrypted']),
    of('with a password', part('text/plain', s.password), 'PGP', ['pgpEncrypted']),
    of('with the sender’s key beside it', multipart('multipart/mixed', [part('text/plain', s.armored), part('application/pgp-keys', s.key)]), 'PGP', ['pgpEncrypted', 'attachedKey']), // prettier-ignore
    of('a clear text with a key', multipart('multipart/mixed', [PLEASE, part('application/pgp-keys', s.key)]), 'PLAIN_MAIL', ['clearText', 'attachedKey']), // prettier-ignore
    of('nothing but a key', part('application/pgp-keys', s.key), 'PLAIN_MAIL', ['attachedKey']),
    of('PGP/MIME signed only', multipart('multipart/signed; protocol="application/pgp-signature"', [PLEASE, part('application/pgp-signature', s.signature)]), 'PLAIN_MAIL', ['clearText', 'signature']), // prettier-ignore
    of('signed in the clear', part('text/plain', s.clearSigned), 'PLAIN_MAIL', ['pgpSignedOnly', 'clearText']),
    of('signed, and armored as if it were encrypted', part('text/plain', s.signedMessage), 'PLAIN_MAIL', ['pgpSignedOnly']), // prettier-ignore
    of('an answer that quotes armor', part('text/plain', `Danke.\r\n\r\n${quoted(s.armored)}`), 'PLAIN_MAIL', ['clearText', 'quotedArmor']), // prettier-ignore
    of('labelled encrypted, clear inside', pgpMime(VERSION, octets('Bitte um Auskunft zu canary@kanzlei.test.')), 'PLAIN_MAIL', ['version', 'clearText']), // prettier-ignore
    of('labelled encrypted, clear in the version too', pgpMime(part('application/pgp-encrypted', 'Version: 1\r\nEs geht um canary.'), octets(s.armored)), 'MIXED', ['clearText', 'fakeLabel', 'pgpEncrypted']), // prettier-ignore
    of('armor cut off', part('text/plain', s.armored.slice(0, 300)), 'MIXED', ['brokenArmor']),
    of('armor with a wrong sum', part('text/plain', s.armored.replace(/\n=(....)/, '\n=AAAA')), 'MIXED', ['brokenArmor']), // prettier-ignore
    of('a message cut off', part('application/octet-stream', s.binary.subarray(0, -9)), 'MIXED', ['brokenMessage']),
    of('a message with bytes behind it', part('application/octet-stream', Buffer.concat([s.binary, Buffer.from('clear canary')])), 'MIXED', ['brokenMessage']), // prettier-ignore
    of('S/MIME enveloped', smime(s.enveloped), 'SMIME', ['smimeEnveloped']),
    of('S/MIME enveloped, indefinite lengths', smime(s.indefinite), 'SMIME', ['smimeEnveloped']),
    of('S/MIME with GCM', smime(s.gcm, 'authEnveloped-data'), 'SMIME', ['smimeAuthEnveloped']),
    of('S/MIME as octets', part('application/octet-stream; name=smime.p7m', s.enveloped), 'SMIME', ['smimeEnveloped']),
    of('S/MIME as PEM in a text', part('text/plain', s.envelopedPem), 'SMIME', ['smimeEnveloped']),
    of('S/MIME, signed and then enveloped', smime(s.signedInside), 'SMIME', ['smimeEnveloped']),
    of('S/MIME, enveloped and then signed', smime(s.signedOutside, 'signed-data'), 'SMIME', ['smimeEnveloped']),
    of('S/MIME signed only', smime(s.opaque, 'signed-data'), 'PLAIN_MAIL', ['smimeSignedOnly', 'clearText']),
    of('S/MIME signed only, labelled enveloped', smime(s.opaque), 'PLAIN_MAIL', ['smimeSignedOnly', 'clearText']),
    of('S/MIME signed beside its text', multipart('multipart/signed; protocol="application/pkcs7-signature"', [PLEASE, part('application/pkcs7-signature', s.detached)]), 'PLAIN_MAIL', ['clearText', 'signature']), // prettier-ignore
    of('S/MIME enveloped beside a clear text', multipart('multipart/mixed', [PLEASE, smime(s.enveloped)]), 'MIXED', ['clearText', 'smimeEnveloped']), // prettier-ignore
    of('S/MIME cut off', smime(s.enveloped.subarray(0, -20)), 'MIXED', ['brokenMessage']),
    of('labelled S/MIME, clear inside', smime(Buffer.from('Bitte um Auskunft zu canary.')), 'PLAIN_MAIL', ['clearText', 'fakeLabel']), // prettier-ignore
    of('both kinds', multipart('multipart/mixed', [part('text/plain', s.armored), smime(s.enveloped)]), 'MIXED', ['pgpEncrypted', 'smimeEnveloped']), // prettier-ignore
    of('a plain letter', PLEASE, 'PLAIN_MAIL', ['clearText']),
    of('a plain letter in two forms', multipart('multipart/alternative', [PLEASE, part('text/html', '<p>Bitte um Auskunft.</p>')]), 'PLAIN_MAIL', ['clearText', 'clearText']), // prettier-ignore
    of('nothing but a PDF', part('application/pdf', Buffer.from('%PDF-1.4\0canary')), 'PLAIN_MAIL', ['clearFile']),
    of('a PDF that asks for a password', part('application/pdf', Buffer.from('%PDF-1.6\0/Encrypt canary')), 'PLAIN_MAIL', ['clearFile']), // prettier-ignore
    of('an empty letter', part('text/plain', ''), 'PLAIN_MAIL', []),
    of('passed on as a letter in a letter', multipart('multipart/mixed', [part('message/rfc822', letter(part('text/plain', s.armored)).toString('latin1'))]), 'PGP', ['pgpEncrypted']), // prettier-ignore
    of('passed on with a word', multipart('multipart/mixed', [part('text/plain', 'Siehe unten.'), part('message/rfc822', letter(part('text/plain', s.armored)).toString('latin1'))]), 'MIXED', ['clearText', 'pgpEncrypted']), // prettier-ignore
  ];
}
