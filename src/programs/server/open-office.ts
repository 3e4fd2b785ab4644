// The office behind HTTP: accounts, JMAP, published keys, the page.

import type { Hono } from 'hono';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import type { Log } from '#base/log/log.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { AppSignIn } from '#office/accounts/app-sign-in.ts';
import { openAccounts, type Accounts } from '#office/accounts/accounts.ts';
import { createBookRoutes } from '#office/api/book-routes.ts';
import { createHttp, isLoopback } from '#office/api/http-server.ts';
import type { SafetyNeighbours } from '#office/api/safety-routes.ts';
import type { StaticPages } from '#office/api/static-pages.ts';
import { createTrustRoutes } from '#office/api/trust-routes.ts';
import { createWkd } from '#office/api/wkd.ts';
import { createJmap } from '#office/jmap/jmap.ts';
import type { Sending } from '#office/jmap/method.ts';
import type { KeySources } from '#office/jmap/recipients/key-directory.ts';
import { createOutsideRoutes } from '#office/outside/outside-routes.ts';
import type { Outbox } from '#post/delivery/outbox.ts';
import type { Reception } from '#post/reception/reception.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import type { CommandRefusal } from '../command.ts';
import { ledgerElement } from '#vault/safeguards/ledger/ledger-element.ts';
import type { HouseSafety } from './open-safety.ts';
import type { SubmissionDoor } from './open-submission.ts';
import type { HouseTelemetry } from './open-telemetry.ts';
import type { HouseTransit } from './open-transit.ts';
import type { DeskPost } from './desk-post.ts';
import type { HouseDesk } from './open-desk.ts';
import { openDeskPages } from './desk-pages.ts';
import { openAuthorities } from './open-authorities.ts';
import { openTransparency, type HouseTransparency } from './open-transparency.ts';
import { trustNeighbours } from './trust-neighbours.ts';
import type { Vault } from './open-vault.ts';
import { publicRoutes, type PublicParts } from './public-routes.ts';
import type { TlsPair } from './read-tls.ts';

/** How accounts change what they keep. */
export type AccountsDoor = Pick<Vault['door'], 'commit'>;

export interface OfficeParts extends PublicParts {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly kit: KeyKit;
  readonly tls: TlsPair | undefined;
  readonly vault: Vault;
  readonly desk: HouseDesk;
  readonly pages: StaticPages;
  readonly accountsDoor: AccountsDoor;
  readonly outgoing: Outgoing;
  readonly reception: Pick<Reception, 'find' | 'keepOwnCopy'>;
  readonly outbox: Outbox;
  readonly submission: Pick<SubmissionDoor, 'endSessions' | 'places'>;
  /** Connections to mail servers since the start. */
  readonly deliveries: () => number;
  readonly safety: Pick<HouseSafety, 'kept' | 'routes'>;
  /** Undefined: this house works on no documents. */
  readonly transit?: Pick<HouseTransit, 'routes' | 'documents'> | undefined;
  /** Undefined: the desk has no address. */
  readonly deskPost?: Pick<DeskPost, 'knows'> | undefined;
  readonly telemetry: Pick<HouseTelemetry, 'routes' | 'home'>;
}

export interface Office {
  /** As people type it. */
  readonly url: string;
  readonly joinUrl: (code: string) => string;
  readonly appSignIn: AppSignIn;
  /** A renewed certificate, for connections from now on. */
  useCertificate(pair: TlsPair): void;
  close(): Promise<void>;
}

export async function openOffice(parts: OfficeParts): Promise<Result<Office, CommandRefusal>> {
  const { config, log, clock, kit, vault, pages, accountsDoor } = parts;
  const { domain, deskAddress } = config;
  const { reader } = vault.database;
  const { door, journal } = vault;
  const tls = parts.tls && { cert: parts.tls.certificatePem, key: parts.tls.keyPem };
  // behind a proxy the browser speaks HTTPS although we do not
  const isSecure = tls !== undefined || config.url?.startsWith('https:') === true;
  const onAppPasswordEnded: Parameters<typeof openAccounts>[1]['onAppPasswordEnded'] = (accountId, id) =>
    parts.submission.endSessions(accountId, id);
  const accounts = await openAccounts(
    { clock, log, kit, reader, door: accountsDoor },
    { domain, deskAddress, isUnlimitedPeer: isLoopback, onAppPasswordEnded },
    isSecure,
  );
  const jmap = createJmap(
    { log, clock, publicOrigin: config.url },
    {
      authenticate: (request) => accounts.findSession(request.headers),
      reader,
      door,
      findJournal: (number) => (number === journal.journal ? journal : undefined),
      ledgerElement: (letterId, packetDigest) => ledgerElement(kit.ledgerKey, letterId, packetDigest),
      sending: sendingOf(parts),
      keys: keySources(parts),
    },
  );
  const transparency = openTransparency(parts, pages.frame);
  const http = createHttp(
    { host: tls ? config.bind : loopbackOf(config.bind), port: config.httpPort, tls, log, publicOrigin: config.url },
    {
      auth: accounts.routes,
      jmap,
      wkd: createWkd(reader, domain),
      book: createBookRoutes({
        book: vault.book,
        clock,
        reader,
        authenticate: (request) => accounts.findSession(request.headers),
        settled: (accountId) => door.settled(accountId),
        isUnlimitedPeer: isLoopback,
      }),
      outside: createOutsideRoutes({
        clock,
        outgoing: parts.outgoing,
        authenticate: (request) => accounts.findSession(request.headers),
      }),
      trust: createTrustRoutes(trustNeighbours(parts, transparency)),
      pages,
      more: moreRoutes(parts, accounts, transparency),
    },
  );
  const listening = await http.listen();
  if (!listening.ok) return refuse(listening.error, config);
  const url = config.url ?? listening.value.url;
  const { appSignIn } = accounts;
  return ok({
    url,
    joinUrl: (code) => `${url}/join/${code}`,
    appSignIn,
    useCertificate: (pair) => http.useCertificate(pair),
    close: () => http.close(),
  });
}

function moreRoutes(parts: OfficeParts, accounts: Accounts, transparency: HouseTransparency): readonly Hono[] {
  const authenticate: SafetyNeighbours['authenticate'] = (request) => accounts.findSession(request.headers);
  const mayUse = async (request: Request): Promise<boolean> => (await authenticate(request)) !== undefined;
  const transit = parts.transit?.routes(mayUse, parts.pages.frame);
  return [
    ...publicRoutes(parts, accounts),
    ...parts.safety.routes({ authenticate, frame: parts.pages.frame }),
    parts.telemetry.routes(authenticate),
    openDeskPages(parts.desk, parts.vault.database.reader, (request) => accounts.findSession(request.headers)),
    transparency.routes,
    openAuthorities({ ...parts, house: parts.config.domain, isUnlimitedPeer: isLoopback }),
    ...(transit === undefined ? [] : [transit]),
  ];
}

function sendingOf({ outbox, reception, transit }: OfficeParts): Sending {
  return { outbox, keepOwnCopy: reception.keepOwnCopy, documents: transit?.documents };
}

function keySources({ config, outgoing, reception, transit, deskPost }: OfficeParts): KeySources {
  const askWkd: KeySources['askWkd'] = (url) => outgoing.request('wkd', { url, method: 'GET' });
  return { findInHouse: reception.find, domain: config.domain, askWkd, documents: transit?.documents, desk: deskPost };
}

/** Without a certificate passwords would cross the network in the clear. */
function loopbackOf(bind: string): string {
  return isLoopback(bind) ? bind : bind.includes(':') ? '::1' : '127.0.0.1';
}

type ListenRefusal = Extract<Awaited<ReturnType<ReturnType<typeof createHttp>['listen']>>, { ok: false }>['error'];

function refuse(
  error: ListenRefusal,
  { bind, httpPort }: Config,
): { readonly ok: false; readonly error: CommandRefusal } {
  const sentence =
    error.kind === 'needsCertificate'
      ? `HTTP on ${error.host} needs a certificate: give tls-cert and tls-key, or leave it on loopback behind a proxy.`
      : `HTTP cannot listen on ${bind}:${httpPort} (${error.code}). ${error.code === 'EADDRINUSE' ? 'Something already listens there: stop it, or choose another port with SIEGEL_HTTP_PORT.' : 'Check the address and the port.'}`;
  return err({ kind: 'refused', reason: error.kind, sentence });
}
