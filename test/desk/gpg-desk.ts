// A desk whose people sign with gpg: a clerk, an officer and a lawyer, and the policy that names them.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { exampleGermany } from '#office/desk/policy/example-policy.ts';
import { GpgPeople } from '../gpg-people.ts';
import type { RunningProgram } from '../running-program.ts';

export const CLERK = ['Mara Kaya', 'mara@kanzlei.test', 'CLERK'] as const;
export const OFFICER = ['Jonas Brandt', 'jonas@kanzlei.test', 'OFFICER'] as const;
export const LAWYER = ['Leyla Yıldız', 'leyla@kanzlei.test', 'LAWYER'] as const;
const PEOPLE = [CLERK, OFFICER, LAWYER];
export type GpgMember = (typeof PEOPLE)[number];

export interface GpgDesk extends AsyncDisposable {
  readonly people: GpgPeople;
  readonly folder: string;
  /** For the option SIEGEL_DESK_TRUST. */
  readonly trust: string;
  /** Into force, signed by officer and lawyer; `changes` beside the roster. */
  putPolicy(program: RunningProgram, changes?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Into the folder; the path. */
  write(name: string, text: string | Uint8Array): Promise<string>;
}

export async function openGpgDesk(): Promise<GpgDesk> {
  const folder = await mkdtemp(join(tmpdir(), 'sgl-gpg-desk-'));
  const people = new GpgPeople();
  for (const [, address] of PEOPLE) people.addPerson(address, 'curve');
  const trust = [OFFICER, LAWYER].map(([, address]) => people.certificate(address).fingerprint).join(',');
  const write = async (name: string, text: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  return {
    people,
    folder,
    trust,
    write,
    async putPolicy(program, changes = {}) {
      const roster = PEOPLE.map(([name, address, role]) => {
        const { fingerprint, armored } = people.certificate(address);
        return { name, role, fingerprint, certificate: armored };
      });
      const text = canonicalJson({ ...(JSON.parse(exampleGermany()) as object), roster, ...changes });
      const path = await write('policy.json', text);
      const signatures = await Promise.all(
        [OFFICER, LAWYER].map(([, address]) => write(`${address}.asc`, people.sign(address, Buffer.from(text)))),
      );
      await runSiegel(program, 'desk', 'policy', path, ...signatures, '--apply');
    },
    async [Symbol.asyncDispose]() {
      people[Symbol.dispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Its answer as JSON; it must succeed. */
export async function runSiegel(
  program: RunningProgram,
  ...words: readonly string[]
): Promise<Record<string, unknown>> {
  const ran = await program.siegel([...words, '--json']);
  assert.equal(ran.code, 0, `${words.join(' ')}: ${ran.stderr}${ran.stdout}`);
  return JSON.parse(ran.stdout) as Record<string, unknown>;
}
