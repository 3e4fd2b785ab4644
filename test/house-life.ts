// What people and senders do to a running house, at random: letters come, flags and places change, folders come and go.

import { setTimeout as wait } from 'node:timers/promises';
import { newId, type MailboxId } from '#base/ids.ts';
import { systemClock } from '#base/clock.ts';
import { createEntryClient } from '../src/web/client/entry.ts';
import { jarFetch } from '../src/web/client/jar-fetch.ts';
import type { SignedIn } from '../src/web/backend.ts';
import type { RunningProgram } from './running-program.ts';
import { PASSWORD, type Members } from './signed-in.ts';
import { openSmtp, type SmtpClient } from './smtp-client.ts';

export interface Resident {
  readonly address: string;
  readonly accountId: string;
  readonly reach: typeof fetch;
  readonly signedIn: SignedIn;
  /** For programs that send `Authorization: Bearer`. */
  readonly token: string;
  /** One call; undefined while the house cannot answer (503). Throws on any other refusal. */
  jmap(method: string, args: Members): Promise<Members | undefined>;
}

/** Signs up, or in when somebody of that name is there. */
export async function moveIn(program: () => RunningProgram, name: string): Promise<Resident> {
  const plain = jarFetch(() => program().url);
  let token = '';
  const reach: typeof fetch = async (input, init) => {
    const answer = await plain(input, init);
    token = /session=([\w-]{20,})/.exec(answer.headers.getSetCookie().join())?.[1] ?? token;
    return answer;
  };
  const entry = createEntryClient(reach, systemClock);
  const signedIn = await enter(program, entry, name);
  const { address, accountId } = signedIn.session;
  const jmap: Resident['jmap'] = async (method, args) => {
    const using = ['core', 'mail', 'submission', 'quota'].map((part) => `urn:ietf:params:jmap:${part}`);
    const methodCalls = [[method, { accountId, ...args }, 'c']];
    const body = JSON.stringify({ using: [...using, 'urn:siegel:params:jmap:sealed'], methodCalls });
    const headers = { 'content-type': 'application/json' };
    const answer = await reach('/jmap/api', { method: 'POST', headers, body });
    if (answer.status === 503) return undefined;
    const told = (await answer.json()) as Members;
    const { methodResponses } = told as { methodResponses?: [string, Members, string][] };
    const [kind, result = {}] = methodResponses?.[0] ?? ['no answer', told];
    if (kind === 'error' && result['type'] === 'serverUnavailable') return undefined;
    if (kind !== method) throw new Error(`${method}: ${answer.status} ${JSON.stringify(result)}`);
    return result;
  };
  return { address, accountId, reach, signedIn, token, jmap };
}

async function enter(
  program: () => RunningProgram,
  entry: ReturnType<typeof createEntryClient>,
  name: string,
): Promise<SignedIn> {
  const signedIn = await entry.signIn({ address: `${name}@siegel.test`, plainPassword: PASSWORD });
  if (signedIn.ok && signedIn.value.step === 'done') return signedIn.value.signedIn;
  const made = await program().siegel(['invite', 'create', '--json']);
  const { code } = JSON.parse(made.stdout) as { code: string };
  const signedUp = await entry.signUp({ code, localPart: name, plainPassword: PASSWORD });
  if (!signedUp.ok) throw new Error(`${name} can neither sign in nor up: ${signedUp.error.kind}`);
  return signedUp.value;
}

const below = (bound: number): number => Math.floor(Math.random() * bound);
const pick = <T>(from: readonly T[]): T | undefined => from[below(from.length)];

/** One resident's random day; every step is valid at the moment it is taken. */
export class Day {
  readonly #program: () => RunningProgram;
  readonly #residents: readonly Resident[];
  readonly #folders = new Map<Resident, string[]>();
  #smtp: SmtpClient | undefined;
  /** Letters that were answered 250, for each address. */
  readonly taken = new Map<string, string[]>();
  /** Steps that the house could not take at that moment. */
  unavailable = 0;

  constructor(program: () => RunningProgram, residents: readonly Resident[]) {
    this.#program = program;
    this.#residents = residents;
  }

  async steps(count: number): Promise<void> {
    for (let step = 0; step < count; step++) await this.step();
  }

  async step(): Promise<void> {
    const dice = Math.random();
    if (dice < 0.35) return this.deliver();
    const resident = pick(this.#residents);
    if (resident === undefined) return;
    const done = await (dice < 0.85 ? this.#changeLetters(resident) : this.#changeFolders(resident));
    if (!done) this.unavailable += 1;
    if (!done) await wait(50);
  }

  /** One letter to one resident or to all; its subject is its name. */
  async deliver(): Promise<void> {
    const name = newId();
    const everybody = this.#residents.map(({ address }) => address);
    const to = below(3) === 0 ? everybody : everybody.slice(0, 1 + below(everybody.length)).slice(-1);
    const bytes = Buffer.from(`From: a@b.example\r\nSubject: ${name}\r\n\r\n${'some words '.repeat(below(80))}\r\n`);
    this.#smtp ??= await openSmtp(this.#program().smtpPort);
    const reply = await this.#smtp.send({ from: 'a@b.example', to, bytes });
    if (reply.code === 250) for (const one of to) this.taken.set(one, [...(this.taken.get(one) ?? []), name]);
    else if (reply.code === 451) this.unavailable += 1;
    else throw new Error(`a letter was refused: ${reply.code} ${reply.text}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#smtp?.[Symbol.asyncDispose]();
    this.#smtp = undefined;
  }

  async #changeLetters(resident: Resident): Promise<boolean> {
    const mailboxes = await resident.jmap('Mailbox/get', { properties: ['id'] });
    const letters = await resident.jmap('Email/query', {});
    if (!mailboxes || !letters) return false;
    const places = (mailboxes['list'] as { id: string }[]).map(({ id }) => id);
    const ids = letters['ids'] as string[];
    const some = Array.from({ length: 1 + below(4) }, () => pick(ids)).filter((id) => id !== undefined);
    const dice = Math.random();
    if (dice < 0.15) return (await resident.jmap('Email/set', { destroy: some.slice(0, 1) })) !== undefined;
    const place = (): Members =>
      dice < 0.5
        ? { mailboxIds: { [pick(places) ?? '']: true, [pick(places) ?? '']: true } }
        : { [`keywords/${pick(['$seen', '$flagged', 'work'])}`]: below(2) === 0 ? true : null };
    const update = Object.fromEntries(some.map((id) => [id, place()]));
    return (await resident.jmap('Email/set', { update })) !== undefined;
  }

  async #changeFolders(resident: Resident): Promise<boolean> {
    const folders = this.#folders.get(resident) ?? [];
    this.#folders.set(resident, folders);
    const folder = pick(folders);
    const dice = below(4);
    const siegelSealedName = Buffer.from(newId()).toString('base64url');
    if (folder === undefined || dice < 2) {
      const id = newId<MailboxId>();
      const create = { f: { id, parentId: folder ?? null, siegelSealedName } };
      const set = await resident.jmap('Mailbox/set', { create });
      if (set?.['created']) folders.push(id);
      return set !== undefined;
    }
    if (dice === 2)
      return (await resident.jmap('Mailbox/set', { update: { [folder]: { siegelSealedName } } })) !== undefined;
    const set = await resident.jmap('Mailbox/set', { destroy: [folder], onDestroyRemoveEmails: below(2) === 0 });
    if (set?.['destroyed']) folders.splice(folders.indexOf(folder), 1);
    return set !== undefined;
  }
}
