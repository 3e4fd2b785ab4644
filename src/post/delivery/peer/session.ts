// From a connection to a peer that is ready for letters: greeting, EHLO, STARTTLS as far as it is demanded, sign-in to a smarthost.

import type { SecureContext } from 'node:tls';
import { err, ok, type Result } from '#base/result.ts';
import { noExtensions, readExtensions, type SmtpExtensions } from '#formats/smtp/smtp-extensions.ts';
import type { SmtpReply } from '#formats/smtp/smtp-reply.ts';
import type { WireSecrecy } from '../transport.ts';
import { signIn, type Credentials } from './sign-in.ts';
import type { Waits } from './waits.ts';
import { connectSecureWire, connectWire, type TlsAnswer, type Wire, type WireFault } from './wire.ts';

/**
 * never: this host's TLS is known to be broken. opportunistic: when offered, whoever answers. encrypted: or not at all.
 * verified: the certificate must be valid for the name (MTA-STS, and before a password is sent).
 */
export type TlsDemand = 'never' | 'opportunistic' | 'encrypted' | 'verified';

export interface PeerDoor {
  /** The name that a certificate must be valid for. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly tls: TlsDemand;
  /** TLS from the first byte. */
  readonly isTlsFirst: boolean;
  readonly credentials: Credentials | undefined;
}

export interface Session {
  readonly door: PeerDoor;
  readonly wire: Wire;
  readonly extensions: SmtpExtensions;
  readonly secrecy: WireSecrecy;
  lettersCount: number;
  /** A transaction was left in the middle: RSET comes first. */
  needsReset: boolean;
}

export type SessionRefusal =
  | { readonly kind: 'fault'; readonly during: 'connect' | 'greeting' | 'tls' | 'signIn'; readonly fault: WireFault }
  | { readonly kind: 'refused'; readonly reply: SmtpReply }
  | { readonly kind: 'tlsNotOffered' }
  /** `code` is the platform's word. */
  | { readonly kind: 'notVerified'; readonly code: string }
  | { readonly kind: 'tlsRefused'; readonly reply: SmtpReply }
  | { readonly kind: 'signInImpossible' }
  | { readonly kind: 'signInRefused'; readonly reply: SmtpReply };

export interface SessionWorld {
  /** Our own name, for EHLO. */
  readonly greetingName: string;
  readonly tlsContext: SecureContext;
  readonly waits: Waits;
  /** Told of each connection, so that it can be cut when everything ends. */
  readonly opened: (wire: Wire) => void;
}

export async function openSession(door: PeerDoor, world: SessionWorld): Promise<Result<Session, SessionRefusal>> {
  const { waits } = world;
  const question = { serverName: serverNameOf(door.host), context: world.tlsContext };
  let wire: Wire;
  let tls: TlsAnswer | undefined;
  if (door.isTlsFirst) {
    const connected = await connectSecureWire(door.address, door.port, question);
    if (!connected.ok) {
      const during = connected.error.kind === 'tlsFailed' ? 'tls' : 'connect';
      return err({ kind: 'fault', during, fault: connected.error });
    }
    ({ wire, answer: tls } = connected.value);
  } else {
    const connected = await connectWire(door.address, door.port, waits.connectMs);
    if (!connected.ok) return err({ kind: 'fault', during: 'connect', fault: connected.error });
    wire = connected.value;
  }
  world.opened(wire);
  const opened = await openOn(wire, door, { ...world, tls });
  if (!opened.ok) wire.destroy();
  return opened;
}

type Opening = Promise<Result<Session, SessionRefusal>>;

async function openOn(
  wire: Wire,
  door: PeerDoor,
  world: SessionWorld & { readonly tls: TlsAnswer | undefined },
): Opening {
  const { waits, greetingName } = world;
  let { tls } = world;
  if (tls !== undefined && mustVerify(door) && !tls.isVerified) return err(notVerified(tls));
  const greeting = await wire.reply(waits.greetingMs);
  if (!greeting.ok) return err({ kind: 'fault', during: 'greeting', fault: greeting.error });
  if (greeting.value.code !== 220) return err(refusedBy(wire, greeting.value));
  let extensions = await greet(wire, greetingName, waits);
  if (!extensions.ok) return extensions;

  if (tls === undefined && door.tls !== 'never') {
    if (extensions.value.startTls) {
      const started = await startTls(wire, door, world);
      if (!started.ok) return started;
      tls = started.value;
    } else if (door.tls !== 'opportunistic') return err({ kind: 'tlsNotOffered' });
    if (tls !== undefined) {
      if (mustVerify(door) && !tls.isVerified) return err(notVerified(tls));
      extensions = await greet(wire, greetingName, waits); // what was said in the clear is forgotten (RFC 3207 §4.2)
      if (!extensions.ok) return extensions;
    }
  }
  if (door.credentials !== undefined) {
    const signedIn = await signIn(wire, door.credentials, extensions.value.authMechanisms, waits.commandMs);
    if (!signedIn.ok) return signedIn;
  }
  const secrecy = tls === undefined ? 'none' : tls.isVerified ? 'verified' : 'encrypted';
  return ok({ door, wire, extensions: extensions.value, secrecy, lettersCount: 0, needsReset: false });
}

function mustVerify({ tls, credentials }: PeerDoor): boolean {
  return tls === 'verified' || credentials !== undefined;
}

function notVerified({ problem }: TlsAnswer): SessionRefusal {
  return { kind: 'notVerified', code: problem ?? 'unknown' };
}

async function startTls(
  wire: Wire,
  door: PeerDoor,
  { waits, tlsContext }: SessionWorld,
): Promise<Result<TlsAnswer, SessionRefusal>> {
  wire.write(['STARTTLS\r\n']);
  const answer = await wire.reply(waits.commandMs);
  if (!answer.ok) return err({ kind: 'fault', during: 'tls', fault: answer.error });
  if (answer.value.code !== 220) return err({ kind: 'tlsRefused', reply: answer.value });
  const tls = await wire.startTls({ serverName: serverNameOf(door.host), context: tlsContext });
  return tls.ok ? tls : err({ kind: 'fault', during: 'tls', fault: tls.error });
}

/** EHLO, and HELO for peers that do not know it (RFC 5321 §3.2). */
async function greet(wire: Wire, name: string, waits: Waits): Promise<Result<SmtpExtensions, SessionRefusal>> {
  wire.write([`EHLO ${name}\r\n`]);
  const answer = await wire.reply(waits.commandMs);
  if (!answer.ok) return err({ kind: 'fault', during: 'greeting', fault: answer.error });
  if (answer.value.code === 250) return ok(readExtensions(answer.value));
  if (answer.value.code < 500 || answer.value.code === 521) return err(refusedBy(wire, answer.value));
  wire.write([`HELO ${name}\r\n`]);
  const second = await wire.reply(waits.commandMs);
  if (!second.ok) return err({ kind: 'fault', during: 'greeting', fault: second.error });
  return second.value.code === 250 ? ok(noExtensions) : err(refusedBy(wire, second.value));
}

function refusedBy(wire: Wire, reply: SmtpReply): SessionRefusal {
  wire.write(['QUIT\r\n']);
  return { kind: 'refused', reply };
}

/** Names in TLS have no dot at the end and are no addresses (RFC 6066 §3). */
function serverNameOf(host: string): string {
  return /^[\d.]+$|:/.test(host) ? '' : host;
}
