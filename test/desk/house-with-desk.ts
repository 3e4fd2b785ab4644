// A house whose desk is three of its own accounts: their keys are in the roster, two of them signed the policy in their clients.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { requireValue } from '#base/assert.ts';
import { systemClock } from '#base/clock.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { deskAnswers, type DeskLook } from '#formats/auth-wire/desk-answers.ts';
import { exampleGermany } from '#office/desk/policy/example-policy.ts';
import { privateKeysOf } from '#vault/sealing/client/open-letter.ts';
import { createDeskWork } from '#web/client/desk/desk-work.ts';
import { signText } from '#web/client/desk/sign-statement.ts';
import { openSession, type OpenSession } from '#web/client/open-session.ts';
import type { DeskWork } from '#web/desk-work.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { signIn, signUp, type Person } from '../signed-in.ts';

export const DESK_ADDRESS = 'requests@siegel.test';
export type DeskName = 'mara' | 'jonas' | 'leyla';
const PEOPLE = [
  ['mara', 'Mara Kaya', 'clerk'],
  ['jonas', 'Jonas Brandt', 'officer'],
  ['leyla', 'Leyla Yıldız', 'lawyer'],
] as const;

export interface DeskMember {
  readonly person: Person;
  readonly session: OpenSession;
  readonly work: DeskWork;
  readonly own: DeskLook['own'];
}

export interface HouseWithDesk extends AsyncDisposable {
  readonly program: RunningProgram;
  readonly folder: string;
  readonly members: Readonly<Record<DeskName, DeskMember>>;
  readonly founders: readonly string[];
  /** With keys of its own, in no roster. */
  join(localPart: string, role: string): Promise<DeskMember>;
  /** Puts a policy with this roster into force, signed by officer and lawyer. */
  putPolicy(roster?: readonly RosterEntry[], before?: string | null): Promise<void>;
  siegel(...words: readonly string[]): Promise<Record<string, unknown>>;
}

export interface RosterEntry {
  readonly name: string;
  readonly role: string;
  readonly fingerprint: string;
  readonly certificate: string;
}

/** The policy is not in force yet. */
export async function openHouseWithDesk(): Promise<HouseWithDesk> {
  const folder = await mkdtemp(join(tmpdir(), 'sgl-desk-house-'));
  const directory = join(folder, 'house');
  // who is trusted stands in an option: the accounts are made first
  let program = await startProgram({ directory });
  const now = (): RunningProgram => program;
  // the first account of a house is its operator's
  await signUp(now, 'oscar', 'operator');
  const made = new Map<DeskName, { readonly address: string; readonly fingerprint: string }>();
  for (const [local, , role] of PEOPLE) {
    const { own, person } = await memberOf(await signUp(now, local, role));
    made.set(local, { address: person.address, fingerprint: own.fingerprint });
  }
  await program.stop();
  const founders = (['jonas', 'leyla'] as const).map((name) => requireValue(made.get(name), name).fingerprint);
  const env = { SIEGEL_DESK_TRUST: founders.join(','), SIEGEL_DESK_ADDRESS: DESK_ADDRESS };
  program = await startProgram({ directory, env });
  const member = async (name: DeskName): Promise<DeskMember> =>
    memberOf(await signIn(now, requireValue(made.get(name), name).address));
  const members = { mara: await member('mara'), jonas: await member('jonas'), leyla: await member('leyla') };
  const house: HouseWithDesk = {
    program,
    folder,
    members,
    founders,
    join: async (localPart, role) => memberOf(await signUp(now, localPart, role)),
    putPolicy: (roster = rosterOf(members), before = null) => putPolicy(house, roster, before),
    async siegel(...words) {
      const ran = await program.siegel([...words, '--json']);
      assert.equal(ran.code, 0, `${words.join(' ')}: ${ran.stderr}${ran.stdout}`);
      return JSON.parse(ran.stdout) as Record<string, unknown>;
    },
    async [Symbol.asyncDispose]() {
      await program.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
  return house;
}

export function rosterOf(members: HouseWithDesk['members']): readonly RosterEntry[] {
  return PEOPLE.map(([local, name, role]) => ({ name, role: role.toUpperCase(), ...members[local].own }));
}

async function memberOf(person: Person): Promise<DeskMember> {
  const opened = await openSession(person.reach, person.signedIn);
  assert.ok(opened.ok);
  const answer = await person.reach('/desk');
  const look = v.safeParse(deskAnswers.desk, await answer.json());
  const own = look.success ? look.output.own : { fingerprint: '', certificate: '' };
  return { person, session: opened.value, work: createDeskWork(opened.value, systemClock), own };
}

/** With the account's own key. */
export async function signAsMember({ session }: DeskMember, text: string): Promise<string> {
  const key = requireValue((await privateKeysOf(session.account.keyring)).at(-1), 'a key');
  return signText(text, key, Date.now());
}

async function putPolicy(house: HouseWithDesk, roster: readonly RosterEntry[], before: string | null): Promise<void> {
  const { members, folder } = house;
  const text = canonicalJson({ ...(JSON.parse(exampleGermany()) as object), roster, before });
  const paths = ['policy.json', 'jonas.asc', 'leyla.asc'].map((name) => join(folder, name));
  const texts = [text, await signAsMember(members.jonas, text), await signAsMember(members.leyla, text)];
  await Promise.all(paths.map((path, at) => writeFile(path, texts[at] ?? '')));
  await house.siegel('desk', 'policy', ...paths, '--apply');
}
