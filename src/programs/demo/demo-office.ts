// The office as a chapter works in it: its people with their open mailboxes, the post that delivers, and the time of day.

import { requireValue } from '#base/assert.ts';
import type { Refusal, Result } from '#base/result.ts';
import type { SignedIn } from '#web/backend.ts';
import { createEntryClient } from '#web/client/entry.ts';
import { jarFetch } from '#web/client/jar-fetch.ts';
import { openMailboxClient, type MailboxClient } from '#web/client/mailbox-client.ts';
import { openSession, type OpenSession } from '#web/client/open-session.ts';
import { createPinnedKeys, type PinnedKeys } from '#web/client/pinned-keys.ts';
import { wkdHash } from '#formats/openpgp/wkd-address.ts';
import type { OperatorMethod, ParamsOf } from '../operator-methods.ts';
import { askOperator } from '../operator-socket.ts';
import { sendLetter } from '../send-letter.ts';
import type { DeskPerson } from './desk-people.ts';
import type { MovingClock } from './moving-clock.ts';
import { OFFICE_DOMAIN, persons, type PersonKey, type SamplePerson } from './persons.ts';
import type { ServedDemo } from './served-demo.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Somebody of the office, signed in. */
export interface Member {
  readonly person: SamplePerson;
  readonly mailbox: MailboxClient;
  readonly session: OpenSession;
  readonly pins: PinnedKeys;
}

export interface DemoOffice {
  /** When the filling began, by the machine's clock: days are counted back from here. */
  readonly nowMs: number;
  /** Sets the clock of service and clients; undefined: the machine's own time. */
  moveClock(timeMs: number | undefined): Promise<void>;
  /** Each person makes the mailbox with an invitation, on the page's own way. */
  signUp(): Promise<void>;
  /** Anew for everybody: sessions end when the clock goes far. */
  signIn(): Promise<void>;
  member(key: PersonKey): Member;
  /** Over SMTP, to one recipient. Throws when it is not taken. */
  deliver(letter: { readonly from: string; readonly to: string; readonly plainLetter: string }): Promise<void>;
  /** A certificate from the house's public directory, as any mail program fetches it (WKD). */
  fetchCertificate(address: string): Promise<Bytes>;
  /** As the operator's commands ask it. */
  ask<M extends OperatorMethod>(method: M, params: ParamsOf<M>): ReturnType<typeof askOperator<M>>;
  /** The two who give verdicts on requests from authorities. */
  readonly desk: readonly DeskPerson[];
  /** What is done now, shown to the person who waits. */
  tell(what: string, done?: number, total?: number): void;
}

export interface OfficeParts {
  readonly served: ServedDemo;
  readonly dataDir: string;
  readonly clock: MovingClock;
  readonly nowMs: number;
  readonly desk: readonly DeskPerson[];
  readonly tell: DemoOffice['tell'];
}

export function openDemoOffice({ served, dataDir, clock, nowMs, desk, tell }: OfficeParts): DemoOffice {
  const members = new Map<PersonKey, Member>();
  const reachAnew = (): typeof fetch => jarFetch(() => served.url);
  return {
    nowMs,
    desk,
    tell,
    ask: (method, params) => askOperator(dataDir, method, params),
    member: (key) => requireValue(members.get(key), 'somebody who is signed in'),
    async moveClock(timeMs) {
      clock.moveTo(timeMs);
      await served.moveClock(timeMs);
    },
    async signUp() {
      for (const person of persons) {
        const reach = reachAnew();
        const invited = await askOperator(dataDir, 'invite.create', { role: person.role });
        const { code } = requireDone(invited, 'an invitation');
        const { localPart, plainPassword } = person;
        const signedUp = await createEntryClient(reach, clock).signUp({ code, localPart, plainPassword });
        members.set(person.key, await openMember(person, reach, requireDone(signedUp, 'a sign-up'), clock));
        for (const address of person.aliases) {
          requireDone(await askOperator(dataDir, 'address.alias', { address, owner: person.address }), 'an alias');
        }
      }
    },
    async signIn() {
      for (const person of persons) {
        const reach = reachAnew();
        const { address, plainPassword } = person;
        const step = requireDone(await createEntryClient(reach, clock).signIn({ address, plainPassword }), 'a sign-in');
        if (step.step !== 'done') throw new Error('a sign-in asks for more than a password');
        members.set(person.key, await openMember(person, reach, step.signedIn, clock));
      }
    },
    async deliver(letter) {
      requireDone(await sendLetter({ ...served.smtp, ...letter }), 'a delivery');
    },
    async fetchCertificate(address) {
      const local = address.slice(0, address.indexOf('@'));
      const path = `/.well-known/openpgpkey/${OFFICE_DOMAIN}/hu/${wkdHash(local)}?l=${local}`;
      const answer = await reachAnew()(path);
      if (!answer.ok) throw new Error(`the directory answered ${answer.status}`);
      return new Uint8Array(await answer.arrayBuffer());
    },
  };
}

async function openMember(
  person: SamplePerson,
  reach: typeof fetch,
  signedIn: SignedIn,
  clock: MovingClock,
): Promise<Member> {
  const session = requireDone(await openSession(reach, signedIn), 'an open session');
  const openStream = (): never => {
    throw new Error('nobody listens for news while the office is filled');
  };
  const mailbox = await openMailboxClient({ reach, signedIn, openStream, clock });
  return { person, mailbox, session, pins: createPinnedKeys(session) };
}

/** A sample office has no use for half of itself: what is refused here is a mistake. */
export function requireDone<T>(outcome: Result<T, Refusal & { readonly sentence?: string }>, what: string): T {
  if (outcome.ok) return outcome.value;
  const { kind, sentence = kind } = outcome.error;
  throw new Error(`${what} was refused: ${sentence}`);
}
