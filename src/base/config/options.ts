// Every option once: what it is for, what is allowed, what holds when it is not given.

import { availableParallelism } from 'node:os';
import * as values from './values.ts';
import type { ClockSetting, DnsServer, LocalService, MailRelay, Network, SecondPlace, TimeOfDay } from './values.ts';
import type { LogLevel } from '../log/log.ts';
import {
  declaredOption,
  fileOption,
  option,
  portOption,
  secretPort,
  spokenOption,
  type Option,
} from './option-kinds.ts';

export type StsMode = 'enforce' | 'testing' | 'none';
const STS_MODES: readonly StsMode[] = ['enforce', 'testing', 'none'];
/** What the room for documents looks for on its machine. */
const TRANSIT_FINDINGS = ['swap', 'cores', 'piped-cores', 'temporary-folder', 'runtime-flags', 'cache'] as const;
export type TransitFinding = (typeof TRANSIT_FINDINGS)[number];
const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

export const options = {
  dataDir: option<string>({
    prose: 'Folder for everything that is kept: journal, database, socket for the commands.',
    allowed: 'a path',
    shownDefault: '/var/lib/siegel for root, else data beside package.json',
    fallback: ({ isRoot, programDir }) => (isRoot ? '/var/lib/siegel' : `${programDir}/data`),
    parse: values.path,
  }),
  kitDir: option<string | undefined>({
    prose: 'Folder of the key kit. It is kept apart from the data so that no backup of the data holds both.',
    allowed: 'a path',
    shownDefault: 'the data folder’s path with -kit behind it',
    fallback: () => undefined,
    parse: values.path,
  }),
  domain: option<string>({
    prose: 'Domain of the first addresses.',
    allowed: 'a domain name such as example.org',
    shownDefault: 'siegel.test',
    fallback: () => 'siegel.test',
    parse: values.domain,
  }),
  mxHost: option<string | undefined>({
    prose: 'Name of this machine: what MX records point to and what it calls itself to other mail servers.',
    allowed: 'a domain name such as mail.example.org',
    shownDefault: 'the domain itself',
    fallback: () => undefined,
    parse: values.domain,
  }),
  bind: option<string>({
    prose: 'Address that SMTP listens on, and HTTP too once it has a certificate; without one HTTP stays on loopback.',
    allowed: 'an IPv4 or IPv6 address',
    shownDefault: '127.0.0.1',
    fallback: () => '127.0.0.1',
    parse: values.ipAddress,
  }),
  smtpPort: portOption('Port for letters from other servers.', 2525),
  submissionPort: secretPort(
    'Port on which mail programs hand letters in, after STARTTLS. Without a certificate only on loopback, for tests.',
    2587,
  ),
  submissionsPort: secretPort('Port on which mail programs hand letters in, with TLS from the first byte.', 2465),
  httpPort: portOption('Port of the page, the API and the users’ commands.', 8025),
  url: option<string | undefined>({
    prose: 'Address of the page as people type it, when a proxy stands in front; links are made with it.',
    allowed: 'an http or https URL without a path',
    shownDefault: 'made of bind address, port and certificate',
    fallback: () => undefined,
    parse: values.origin,
  }),
  operatorName: declaredOption('Who runs this house, as /trust shows it.'),
  operatorCountry: declaredOption('The country whose law holds for the operator and the machine, as /trust shows it.'),
  operatorMachine: declaredOption('Whose machine it is and where it stands, as /trust shows it.'),
  lmtpSocket: fileOption('Unix socket on which letters are taken over LMTP from a mail server in front.'),
  dns: option<readonly DnsServer[]>({
    prose: 'Name servers to ask instead of the machine’s own.',
    allowed: 'addresses with or without a port, separated by commas, such as 127.0.0.1:5353',
    shownDefault: 'those of the machine',
    fallback: () => [],
    parse: values.listOf(values.dnsServer),
  }),
  trustedNetworks: option<readonly Network[]>({
    prose: 'Networks whose letters skip sender checks and limits by address. May be empty.',
    allowed: 'networks separated by commas, such as 127.0.0.0/8, ::1/128',
    shownDefault: '127.0.0.0/8, ::1/128',
    fallback: () => [
      { address: '127.0.0.0', prefixBits: 8 },
      { address: '::1', prefixBits: 128 },
    ],
    parse: values.listOf(values.network),
    mayBeEmpty: true,
  }),
  smarthost: option<MailRelay | undefined>({
    prose:
      'Mail server that all letters out are handed to, instead of sending them to their recipients’ servers. Port 465: TLS from the first byte.',
    allowed: 'a host with or without a port, such as mail.example.org:587',
    shownDefault: 'none: letters go to their recipients’ servers',
    fallback: () => undefined,
    parse: values.mailRelay,
  }),
  smarthostLogin: fileOption('File (mode 600) of two lines: user and password at the smarthost. Sent over TLS only.'),
  rspamd: option<LocalService | undefined>({
    prose:
      'An rspamd on this machine that is asked about each letter from another server. It sees the letter in clear.',
    allowed:
      'http://127.0.0.1:11333, http://[::1]:11333 or unix:/path/to/socket: an address of this machine, not a name',
    shownDefault: 'none',
    fallback: () => undefined,
    parse: values.localService,
  }),
  mtaSts: option<StsMode>({
    prose:
      'What other servers are told to do when they cannot encrypt a letter to us for sure (MTA-STS); served once there is a certificate.',
    allowed: `one of ${STS_MODES.join(', ')}`,
    shownDefault: 'enforce',
    fallback: () => 'enforce',
    parse: values.oneOf(STS_MODES),
  }),
  tlsCert: fileOption('Certificate chain in PEM, for STARTTLS and HTTPS; needs tls-key.'),
  tlsKey: fileOption('Private key of the certificate in PEM.'),
  acme: option<string | undefined>({
    prose:
      'Directory of the authority that a certificate is fetched from by itself (ACME); instead of tls-cert and tls-key.',
    allowed: 'an https URL',
    shownDefault: 'none',
    fallback: () => undefined,
    parse: values.secureUrl,
  }),
  acmeContact: option<string | undefined>({
    prose: 'Where that authority may write to about the certificate.',
    allowed: 'an address such as postmaster@example.org',
    shownDefault: 'none',
    fallback: () => undefined,
    parse: values.mailAddress,
  }),
  acmePort: option<number | 'none' | undefined>({
    prose: 'Port on which that authority looks for the proof that this machine has its names; it asks on port 80.',
    allowed: 'a port number from 0 to 65535, or none when a proxy hands /.well-known/acme-challenge/ to http-port',
    shownDefault: '80 with acme, else none',
    fallback: () => undefined,
    parse: (text) => (text === 'none' ? text : values.wholeNumber(0, 65_535)(text)),
  }),
  backupDir: fileOption('Folder for backups, outside the data folder and best on another disk.'),
  backupAt: option<TimeOfDay | 'none'>({
    prose: 'When the daily backup is taken, local time, a few minutes later at random.',
    allowed: 'a time such as 03:00, or none',
    shownDefault: '03:00',
    fallback: () => ({ hour: 3, minute: 0 }),
    parse: (text) => (text === 'none' ? text : values.timeOfDay(text)),
  }),
  secondPlace: option<SecondPlace | undefined>({
    prose: 'A second place for backups, away from this machine; nothing is deleted there before its 30 days are over.',
    allowed: 'a folder, or s3://host/bucket, with /prefix and ?region=name behind it where needed',
    shownDefault: 'none',
    fallback: () => undefined,
    parse: values.secondPlace,
  }),
  secondPlaceLogin: fileOption('File (mode 600) of two lines: access key and secret key of the s3 place.'),
  telemetryCollector: fileOption(
    'Card of the collector of figures, the file that siegel collector card prints. Without one nothing is asked or sent.',
  ),
  telemetryRelay: option<string | undefined>({
    prose: 'The relay that reports go to, of another party than the collector: it never learns what is in them.',
    allowed: 'an https URL',
    shownDefault: 'none; then only who agrees to reports without a relay sends any',
    fallback: () => undefined,
    parse: values.webUrl,
  }),
  deskTrust: option<readonly string[]>({
    prose:
      'OpenPGP fingerprints of those whose signatures bring the first policy of the desk into force; without any there is no desk.',
    allowed: 'fingerprints of 40 or 64 hex digits, separated by commas',
    shownDefault: 'none',
    fallback: () => [],
    parse: values.listOf(values.fingerprint),
  }),
  deskAddress: option<string | undefined>({
    prose:
      'Address of this house for requests of authorities: letters to it are sealed to the desk and go into no mailbox.',
    allowed: 'an address of a domain of this house, as in requests@example.org',
    shownDefault: 'none: requests come by form, fax and post',
    fallback: () => undefined,
    parse: (text) => (text.includes('+') ? undefined : values.mailAddress(text.trim().toLowerCase())),
  }),
  transit: option<boolean>({
    prose:
      'Whether letters with documents to optimise@DOMAIN are worked on and sent back, and the page /transit is served.',
    allowed: '1 or 0',
    shownDefault: '0; siegel transit start is nothing else',
    fallback: () => false,
    parse: values.yesOrNo,
  }),
  transitSenders: fileOption(
    'File of those who may send documents beside the mailboxes of this house: one address or @domain a line, read at the start.',
  ),
  transitCode: fileOption(
    'File (mode 600) of one line: the code with which the page of siegel transit start is used from other machines.',
  ),
  transitAccept: option<readonly TransitFinding[]>({
    prose:
      'What the room for documents may start with although plaintext could outlive its work; every receipt names it.',
    allowed: `names separated by commas, of ${TRANSIT_FINDINGS.join(', ')}`,
    shownDefault: 'nothing: then it does not start',
    fallback: () => [],
    parse: values.listOf(values.oneOf(TRANSIT_FINDINGS)),
  }),
  transitStore: option<string | undefined>({
    prose:
      'A Redis or Valkey server (from 7.0 on, nothing on its disk) that holds documents, sealed, while they are worked on.',
    allowed: 'path of a private socket, or rediss://HOST:PORT',
    shownDefault: 'the memory of the room itself',
    fallback: () => undefined,
    parse: values.privateServer,
  }),
  transitStoreLogin: fileOption('File (mode 600) of two lines: user and password at the store for documents.'),
  transitStoreCa: fileOption(
    'File with the certificate that the store for documents is vouched for by, when no public authority does.',
  ),
  collectorDir: option<string>({
    prose: 'Folder of siegel collector: its keys, counters and book. Not that of a house.',
    allowed: 'a path',
    shownDefault: '/var/lib/siegel-collector for root, else data-collector beside package.json',
    fallback: ({ isRoot, programDir }) => (isRoot ? '/var/lib/siegel-collector' : `${programDir}/data-collector`),
    parse: values.path,
  }),
  collectorOperator: declaredOption('Who runs this collector and where to write to, as its card and its page say.'),
  collectorCountry: spokenOption('The country where this collector stands, as its card says.'),
  collectorPurpose: spokenOption('What this collector asks for, as its card says.', {
    de: 'Damit das Programm für die Häuser taugt, die es wirklich gibt',
    en: 'So that the program fits the houses there really are',
  }),
  collectorPublished: spokenOption('What this collector publishes and where, as its card says.', {
    de: 'Jedes Quartal jeder Frage mit mindestens 100 Antworten, mit Fehler, auf der Seite dieser Sammelstelle',
    en: 'Each quarter of each question with at least 100 answers, with its error, on the page of this collector',
  }),
  relayCollector: option<string | undefined>({
    prose: 'The one collector that siegel relay passes reports on to: the url of its card.',
    allowed: 'an http or https URL without a path',
    shownDefault: 'none; siegel relay needs it',
    fallback: () => undefined,
    parse: values.origin,
  }),
  drill: option<'weekly' | 'none'>({
    prose: 'Whether the drill is run once a week, on scratch houses in the temporary folder.',
    allowed: 'weekly or none',
    shownDefault: 'none',
    fallback: () => 'none',
    parse: (text) => (text === 'weekly' || text === 'none' ? text : undefined),
  }),
  metricsToken: fileOption(
    'File (mode 600) of one line: the token with which /metrics may be read. Without it there are none.',
  ),
  runAs: option<string | undefined>({
    prose: 'User that the program becomes after binding when root starts it.',
    allowed: 'a user’s name or number',
    shownDefault: 'siegel if there is such a user, else nobody with a warning',
    fallback: () => undefined,
    parse: values.word,
  }),
  databaseUrl: option<string | undefined>({
    prose: 'A PostgreSQL 15 or newer to use instead of the one that comes along.',
    allowed: 'a postgres:// or postgresql:// URL',
    shownDefault: 'the PostgreSQL that comes along',
    fallback: () => undefined,
    parse: values.postgresUrl,
    env: 'DATABASE_URL',
  }),
  workers: option<number>({
    prose: 'Threads that seal letters.',
    allowed: 'a number from 1 to 64',
    shownDefault: 'one for each core, at most 8',
    fallback: () => Math.max(1, Math.min(8, availableParallelism())),
    parse: values.wholeNumber(1, 64),
  }),
  log: option<LogLevel>({
    prose: 'How much the log says. It never holds addresses, names or subjects.',
    allowed: `one of ${LOG_LEVELS.join(', ')}`,
    shownDefault: 'warn',
    fallback: () => 'warn',
    parse: values.oneOf(LOG_LEVELS),
  }),
  clock: option<ClockSetting | undefined>({
    prose: 'For tests: the time at which the program believes to start.',
    allowed: 'a time such as 2026-03-01T12:00Z, or a step forward such as +38d, +12h, +90m, +10s',
    shownDefault: 'the machine’s clock',
    fallback: () => undefined,
    parse: values.clockSetting,
  }),
  outboundPrivate: option<boolean>({
    prose: 'For tests: requests may go to private addresses too, and to those without encryption.',
    allowed: '1 or 0',
    shownDefault: '0',
    fallback: () => false,
    parse: values.yesOrNo,
  }),
  chromium: fileOption('For tests: the browser to use.'),
} as const;

/** Names that later versions will use. Taken and ignored, they would promise what is not kept. */
export const reservedOptions: ReadonlyMap<string, string> = new Map([
  ['imap-port', 'mail programs cannot read mail here yet'],
]);

export type OptionKey = keyof typeof options;
export type OptionValue<K extends OptionKey> = (typeof options)[K] extends Option<infer T> ? T : never;
export const optionKeys: readonly OptionKey[] = Object.keys(options) as OptionKey[];

/** The one name in file and flags: smtpPort is smtp-port. */
export function optionName(key: OptionKey): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The name in the environment: smtpPort is SIEGEL_SMTP_PORT. */
export function optionEnv(key: OptionKey): string {
  const facts: { readonly env?: string } = options[key];
  return facts.env ?? envName(optionName(key));
}

/** smtp-port → SIEGEL_SMTP_PORT. */
export function envName(name: string): string {
  return `SIEGEL_${name.toUpperCase().replaceAll('-', '_')}`;
}
