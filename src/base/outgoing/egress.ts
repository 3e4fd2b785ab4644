// Every connection this program makes or takes, by kind: the requests over HTTP and all that is not HTTP. Shown to the public as it stands.

import { destinations, type DestinationKind } from './destinations.ts';

/** Connections outward that are no requests over HTTP; the names of the places in the source stand in tools/tidy. */
export type OtherEgressKind = 'delivery' | 'smarthost' | 'dns' | 'database' | 'documents';
export type IngressKind = 'reception' | 'submission' | 'page';
export type ConnectionKind = DestinationKind | OtherEgressKind | IngressKind;

export interface ConnectionFacts {
  readonly direction: 'out' | 'in';
  readonly by: string;
  readonly purpose: string;
  /** What the other side learns beside the address of this server; for those that come in, what it may bring. */
  readonly sends: string;
  readonly when: string;
}

const others: Readonly<Record<OtherEgressKind | IngressKind, ConnectionFacts>> = {
  delivery: {
    direction: 'out',
    by: 'SMTP',
    purpose: 'Letters to people in other houses, to the mail servers of their domains.',
    sends:
      'The envelope and the letter: sealed for recipients whose key is known, in clear for the others. TLS wherever it is offered.',
    when: 'When a letter leaves, and again while its server does not take it, for five days.',
  },
  smarthost: {
    direction: 'out',
    by: 'SMTP',
    purpose: 'All letters to other houses, to the one mail server that the operator chose instead.',
    sends: 'The envelope and the letter, and the operator’s login at that server.',
    when: 'Instead of delivery, when the option smarthost is set.',
  },
  dns: {
    direction: 'out',
    by: 'DNS',
    purpose: 'Names of mail servers, and what senders’ domains publish to prove their letters.',
    sends:
      'Names of domains that letters go to or come from, and the addresses of servers that bring letters, to the operator’s name servers.',
    when: 'While a letter is taken or sent, or a key or a rule is looked for.',
  },
  database: {
    direction: 'out',
    by: 'PostgreSQL',
    purpose: 'The rows of this house in a PostgreSQL that does not come along with it.',
    sends: 'What is stored: sealed letters’ places, sizes, times, marks and addresses; no letter’s text.',
    when: 'All the time, when DATABASE_URL is set; else the database is reached over a socket of this machine.',
  },
  documents: {
    direction: 'out',
    by: 'Redis protocol',
    purpose: 'Memory of a Redis or Valkey server for documents while they are worked on, at most an hour.',
    sends:
      'Documents sealed under a key that never leaves this server, random names, sizes and times. TLS, or a private socket.',
    when: 'When the option transit-store is set; else documents stay in the memory of the program.',
  },
  reception: {
    direction: 'in',
    by: 'SMTP, LMTP',
    purpose: 'Letters from other servers.',
    sends: 'Envelope and letter, as their server sends them.',
    when: 'At any time.',
  },
  submission: {
    direction: 'in',
    by: 'SMTP',
    purpose: 'Letters that people here send with a mail program.',
    sends: 'An app password that can only send, envelope and letter, over TLS.',
    when: 'When a person sends with a mail program.',
  },
  page: {
    direction: 'in',
    by: 'HTTPS',
    purpose: 'This page, the mailbox, published keys, the book.',
    sends: 'What a browser or a command asks; mail is opened there and not here.',
    when: 'At any time.',
  },
};

export const connectionKinds: readonly ConnectionKind[] = [...namesOf(destinations), ...namesOf(others)];

export function connectionFacts(kind: ConnectionKind): ConnectionFacts {
  if (isOther(kind)) return others[kind];
  const { reach, purpose, sends, when } = destinations[kind];
  return { direction: 'out', by: reach === 'local' ? 'HTTP' : 'HTTPS', purpose, sends, when };
}

/** Whether anything in this program uses it yet. */
export function isKindBuilt(kind: ConnectionKind): boolean {
  return isOther(kind) || destinations[kind].inUse;
}

export function isOverHttp(kind: ConnectionKind): kind is DestinationKind {
  return !isOther(kind);
}

function isOther(kind: ConnectionKind): kind is OtherEgressKind | IngressKind {
  return Object.hasOwn(others, kind);
}

function namesOf<K extends string>(table: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(table).filter((name): name is K => Object.hasOwn(table, name));
}
