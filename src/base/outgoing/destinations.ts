// Every kind of request that may leave this machine over HTTP: what for, what it carries, when. Shown to the public as it stands.

export interface Destination {
  /** Public: HTTPS to public addresses. Local: loopback or a unix socket of this machine, nothing leaves it. */
  readonly reach: 'public' | 'local';
  readonly purpose: string;
  /** What the other side learns beside the address of this server. */
  readonly sends: string;
  readonly when: string;
  /** Hops to the same host that may be followed. */
  readonly redirectsMax: number;
  /** A kind that nothing uses yet is refused: the public list is never shorter than the truth. */
  readonly inUse: boolean;
}

export const destinations = {
  rspamd: {
    reach: 'local',
    purpose: 'A second opinion on junk from the rspamd that the operator runs on this machine.',
    sends:
      'The letter in clear, its envelope, and the name and address of the server that brought it. It stays on this machine.',
    when: 'Once for each letter from another server, before it is sealed, when the option rspamd is set.',
    redirectsMax: 0,
    inUse: true,
  },
  wkd: {
    reach: 'public',
    purpose: 'The public key of a recipient in another house, by Web Key Directory.',
    sends:
      'The hashed local part of the recipient’s address, and the part itself as the protocol asks, to the recipient’s domain.',
    when: 'When somebody writes to an address whose key is not known or is due for a new look.',
    redirectsMax: 3,
    inUse: true,
  },
  'mta-sts': {
    reach: 'public',
    purpose: 'The rule of a recipient’s domain that letters to it travel encrypted (MTA-STS, RFC 8461).',
    sends: 'Nothing beyond the question itself, to the recipient’s domain.',
    when: 'Before a letter leaves for a domain that announces such a rule, and again when the kept rule is old.',
    redirectsMax: 0, // RFC 8461 §3.3
    inUse: true,
  },
  'image-proxy': {
    reach: 'public',
    purpose: 'A picture that a letter links to, so that its sender sees this server and not the reader.',
    sends:
      'The link as it stands in the letter, over HTTPS always; nothing about the reader beyond what it says itself.',
    when: 'When a reader asks to see the pictures of a letter.',
    redirectsMax: 3,
    inUse: true,
  },
  unsubscribe: {
    reach: 'public',
    purpose: 'Leaving a mailing list with one click (RFC 8058).',
    sends: 'The link as it stands in the letter, and the words List-Unsubscribe=One-Click.',
    when: 'When a reader presses Unsubscribe.',
    redirectsMax: 0, // RFC 8058 §3.1
    inUse: true,
  },
  'tls-report': {
    reach: 'public',
    purpose: 'A report to another domain on how connections to its mail servers were encrypted (TLS-RPT, RFC 8460).',
    sends: 'How many of yesterday’s connections to that domain were encrypted, and what failed; nobody’s address.',
    when: 'Once a day, to a domain that letters went to the day before and that asks for reports over HTTPS.',
    redirectsMax: 0,
    inUse: true,
  },
  acme: {
    reach: 'public',
    purpose: 'The certificate of this server (ACME, RFC 8555).',
    sends: 'The names of this server, a key made for this purpose, and the operator’s contact if one is given.',
    when: 'At setup, and when the certificate is about to end.',
    redirectsMax: 0,
    inUse: true,
  },
  'backup-place': {
    reach: 'public',
    purpose: 'Backups in a second place, a store on the net that the operator chose.',
    sends: 'Sealed backups: how large they are and when they were made; the login of that store.',
    when: 'Once a day after a backup was found whole, and when one is brought back, when the option second-place names one.',
    redirectsMax: 0,
    inUse: true,
  },
  relay: {
    reach: 'public',
    purpose: 'Sealed figures of other houses, passed on to their collector by siegel relay. A house never does this.',
    sends: 'A sealed report of fixed length, as it came; nothing about who sent it.',
    when: 'When a house hands one to the relay; only by siegel relay start.',
    redirectsMax: 0,
    inUse: true,
  },
  telemetry: {
    reach: 'public',
    purpose: 'The honest counter: figures about installations, when the operator agreed to them.',
    sends:
      'A sealed report, always of the same length: one randomised answer to one question, or none. To a relay that passes it on without the address of this server.',
    when: 'Once a week at a random moment, when a collector is configured and the operator agreed to this very list of questions; else never.',
    redirectsMax: 0,
    inUse: true,
  },
} as const satisfies Readonly<Record<string, Destination>>;

export type DestinationKind = keyof typeof destinations;
export type Destinations = Readonly<Record<DestinationKind, Destination>>;
