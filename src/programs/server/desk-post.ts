// Letters to the desk's own address, from whichever door: taken for the register, and answered by program where the policy lets it.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import { createDns, withBudget, type Dns } from '#base/dns/dns.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { dayOf } from '#formats/desk/calendar-day.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { LetterView } from '#formats/message/letter-view.ts';
import { normaliseAddress, parseAddress, splitSuffix, type Address } from '#formats/smtp/address.ts';
import type { Desk, DeskRefusal } from '#office/desk/book/desk.ts';
import { decideWhateverComes } from '#office/desk/policy/admissibility.ts';
import { AutomaticAnswers, type SentTo } from '#office/desk/reception/automatic-answers.ts';
import { composeAnswer } from '#office/desk/reception/compose-answer.ts';
import { mayAnswer } from '#office/desk/reception/may-answer.ts';
import {
  takeDeskLetter,
  type DeskLetter,
  type DeskLetterRefusal,
  type FoundOrigin,
  type TakenLetter,
} from '#office/desk/reception/take-letter.ts';
import type { Transport } from '#post/delivery/transport.ts';
import { authenticate, authenticationResults } from '#post/reception/authentication/authenticate.ts';
import { checkSpf } from '#post/reception/authentication/check-spf.ts';
import type { Rspamd, RspamdVerdict } from '#post/reception/checks/rspamd.ts';
import type { WireRefusal } from '#post/wire/conduct.ts';
import type { LetterPlace, PlaceLetter, PlaceSender } from '#post/wire/letter-place.ts';
import type { RefusalKind } from '#post/wire/refusals.ts';
import type { Directory } from '#vault/directory/directory.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import { createStateFile } from '#vault/live/state-file.ts';
import { deriveKey, hmacSha256 } from '#vault/sealing/derive.ts';
import { isAddressTaken } from './open-transit.ts';

export interface DeskPostParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly kit: KeyKit;
  readonly dataDir: string;
  /** For tests: waits between tries of an answer. */
  readonly waitsMs?: readonly number[];
}

/** What is there only once the house stands. */
export interface DeskPostHouse {
  readonly desk: Desk;
  readonly directory: Pick<Directory, 'hasDomain' | 'findByAddress' | 'findGroup'>;
  readonly transport: Transport;
  readonly rspamd: Rspamd | undefined;
  /** Of the page, without a slash at its end. */
  readonly origin: string;
}

/** Undefined: the desk has no address. */
export function openDeskPost(parts: DeskPostParts): DeskPost | undefined {
  const { deskAddress } = parts.config;
  return deskAddress === undefined ? undefined : new DeskPost(parts, deskAddress);
}

export class DeskPost implements LetterPlace, Disposable {
  readonly alone = 'deskMixed';
  readonly #parts: DeskPostParts;
  readonly #address: string;
  readonly #dns: Dns;
  #house: DeskPostHouse | undefined;
  #answers: AutomaticAnswers | undefined;
  /** Somebody of this house has the address: letters to it are theirs. */
  #isTaken = false;

  constructor(parts: DeskPostParts, address: string) {
    this.#parts = parts;
    this.#address = address;
    this.#dns = createDns(parts.clock, { servers: parts.config.dns });
  }

  /** Why letters to it do not come to the desk, for the start and for `status`. */
  get warnings(): readonly string[] {
    const { config } = this.#parts;
    const address = this.#address;
    if (config.deskTrust.length === 0)
      return [
        `Letters to ${address} are put off: without SIEGEL_DESK_TRUST there is no desk. Name the fingerprints there, or leave SIEGEL_DESK_ADDRESS out.`,
      ];
    if (this.#isTaken)
      return [
        `${address} is somebody’s address, so letters to it go there and not to the desk. Have its owner give it up, or name another in SIEGEL_DESK_ADDRESS.`,
      ];
    if (this.#house !== undefined && !this.#house.directory.hasDomain(domainOf(address)))
      return [
        `No letter reaches ${address}: its domain is not one of this house. Name an address of yours in SIEGEL_DESK_ADDRESS.`,
      ];
    return [];
  }

  async begin(house: DeskPostHouse): Promise<void> {
    const { clock, log, kit, dataDir, waitsMs } = this.#parts;
    this.#isTaken = isAddressTaken(house.directory, this.#address);
    const folder = join(dataDir, 'desk-answers');
    await nodeDisk.makeDirectory(folder);
    const key = deriveKey(kit.settingsKey, 'siegel/desk-answered/v1');
    this.#answers = new AutomaticAnswers({
      clock,
      log,
      store: createStateFile(nodeDisk, folder),
      markOf: (address) => Buffer.from(hmacSha256(key, Buffer.from(address, 'utf8'))).toString('base64url'),
      send: (to, letter) => sendAnswer(house.transport, to, letter),
      note: async ({ arrival, ...answer }) => {
        const noted = await house.desk.noteAnswer(arrival, answer);
        if (!noted.ok) log.warn('desk.answerNotNoted', { kind: noted.error.kind });
      },
      ...(waitsMs && { waitsMs }),
    });
    this.#house = house;
  }

  knowsText(address: string): boolean {
    const parsed = parseAddress(address);
    return parsed.ok && this.knows(parsed.value) === 'place';
  }

  knows(recipient: Address): 'place' | undefined {
    if (this.#isTaken) return undefined;
    const { local, domain } = normaliseAddress(recipient);
    const isOurs = [local, splitSuffix(local).base].some((one) => `${one}@${domain}` === this.#address);
    return isOurs ? 'place' : undefined;
  }

  async refuseSender({ sizeBytes }: PlaceSender): Promise<RefusalKind | undefined> {
    if (sizeBytes !== undefined && sizeBytes > limits.deskArrival.letterBytes) return 'deskTooLarge';
    const house = this.#house;
    if (house === undefined || (await this.#policy(house)) === undefined) return 'deskClosed';
    const hasRoom = await house.desk.hasRoom().catch(() => undefined);
    if (hasRoom === undefined) return 'deskClosed';
    return hasRoom ? undefined : 'deskFull';
  }

  async take(letter: PlaceLetter, isSignedIn: boolean): Promise<Result<string, WireRefusal>> {
    const house = this.#house;
    if (house === undefined) return err({ kind: 'deskClosed' });
    const isTrusted = letter.source.trusted || isSignedIn;
    const opinion = isTrusted ? undefined : await house.rspamd?.judge({ ...letter, recipients: [] });
    if (opinion === 'refuse') return err({ kind: 'filterRefuse' });
    if (opinion === 'later') return err({ kind: 'filterLater' });
    const { plainLetter, receivedMs, sender } = letter;
    const taken = await this.#take(house, { plainLetter, receivedMs, sender, isTrusted }, (view) =>
      this.#findOrigin(letter, view),
    );
    if (!taken.ok) return taken;
    // the answer to the peer waits for nobody
    this.#answer(house, { letter, taken: taken.value, opinion }).catch((cause: unknown) =>
      this.#parts.log.fault('desk.answerFailed', cause),
    );
    return ok(`sealed for the desk, id=${taken.value.arrival}`);
  }

  /** A letter that one of our accounts wrote on its page. */
  async takeOwn(plainLetter: Uint8Array): Promise<'kept' | 'tooLarge' | 'loop' | 'journalFailed'> {
    const house = this.#house;
    if (house === undefined) return 'journalFailed';
    const letter = { plainLetter, receivedMs: this.#parts.clock.nowMs(), sender: undefined, isTrusted: true };
    const taken = await this.#take(house, letter);
    if (taken.ok) return 'kept';
    if (taken.error.kind === 'loop') return 'loop';
    return taken.error.kind === 'deskTooLarge' ? 'tooLarge' : 'journalFailed';
  }

  [Symbol.dispose](): void {
    this.#answers?.[Symbol.dispose]();
  }

  /** `findOrigin` is asked for letters that are not trusted. */
  async #take(
    house: DeskPostHouse,
    letter: DeskLetter,
    findOrigin?: (view: LetterView) => Promise<FoundOrigin>,
  ): Promise<Result<TakenLetter, DeskLetterRefusal>> {
    try {
      return await takeDeskLetter(letter, {
        domain: this.#parts.config.domain,
        findOrigin: findOrigin ?? (() => Promise.reject(new Error('a letter of ours has no origin to find'))),
        policy: () => this.#policy(house),
        arrive: async (channel, atMs, sealed) => {
          const arrived = await house.desk.arrive(channel, atMs, sealed);
          return arrived.ok ? arrived : err(heard(arrived.error));
        },
      });
    } catch (cause) {
      this.#parts.log.fault('desk.letterNotTaken', cause);
      return err({ kind: 'deskClosed' });
    }
  }

  async #findOrigin({ source, sender, receivedMs }: PlaceLetter, view: LetterView): Promise<FoundOrigin> {
    const { clock, config } = this.#parts;
    const dns = withBudget(clock, this.#dns, limits.authentication.dnsBudgetMs);
    const spf = await checkSpf({ ...source, sender }, dns);
    const found = await authenticate(view, spf, dns, receivedMs);
    const { status, policy, alignedDomain } = found.dmarc;
    return {
      results: authenticationResults(config.domain, found),
      isDisowned: status === 'fail' && policy === 'reject',
      isProven: alignedDomain !== undefined,
    };
  }

  /** Undefined too while the database does not answer. */
  async #policy({ desk }: DeskPostHouse): ReturnType<Parameters<typeof takeDeskLetter>[1]['policy']> {
    const standing = await desk.inForce().catch(() => undefined);
    return standing?.ok === true ? standing.value.policy : undefined;
  }

  async #answer(
    house: DeskPostHouse,
    of: { readonly letter: PlaceLetter; readonly taken: TakenLetter; readonly opinion: RspamdVerdict | undefined },
  ): Promise<void> {
    const { clock, config } = this.#parts;
    const { arrival, channel, policy, origin, view } = of.taken;
    const today = dayOf(policy.zone, clock.nowMs());
    const said = decideWhateverComes(policy, channel, today);
    if (said?.decision !== 'REJECT_FORMAL') return;
    const may = mayAnswer(view, {
      sender: of.letter.sender,
      isProven: origin?.isProven === true,
      isJunk: of.opinion === 'junk',
      deskAddress: this.#address,
      isOwnDomain: (domain) => house.directory.hasDomain(domain),
    });
    if ('silence' in may || (await this.#answers?.claim(may.to)) !== true) return;
    const letter = composeAnswer({
      policy,
      channel,
      said,
      today,
      from: this.#address,
      to: may.to,
      origin: house.origin,
      dateMs: clock.nowMs(),
      messageId: `${randomBytes(16).toString('hex')}@${config.domain}`,
      inReplyTo: view.messageId,
    });
    await this.#answers?.send(may.to, { arrival, letter, policy: policyDigest(policy), rule: said.rule });
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function heard(refusal: DeskRefusal): DeskLetterRefusal {
  if (refusal.kind === 'tooManyWaiting') return { kind: 'deskFull' };
  return { kind: refusal.kind === 'caseFile' && refusal.why === 'tooLarge' ? 'deskTooLarge' : 'deskClosed' };
}

async function sendAnswer(transport: Transport, to: string, bytes: Uint8Array): Promise<SentTo> {
  const parcel = { mailFrom: '', domain: domainOf(to), recipients: [to], bytes };
  const [outcome] = await transport.deliver(parcel, () => Promise.resolve());
  if (outcome?.kind === 'delivered') return 'taken';
  return outcome?.kind === 'failed' ? 'refused' : 'later';
}
