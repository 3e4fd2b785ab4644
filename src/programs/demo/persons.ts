// The people of the sample office, with passwords that everybody may know: they open sample data and nothing else.

import type { Role } from '#vault/journal/commands.ts';

export const OFFICE_DOMAIN = 'kanzlei.test';
export const OFFICE_NAME = 'Brandt & Yıldız';
/** Where requests of authorities go: into no mailbox. */
export const DESK_ADDRESS = `anfragen@${OFFICE_DOMAIN}`;

export type PersonKey = 'leyla' | 'jonas' | 'mara';

export interface SamplePerson {
  readonly key: PersonKey;
  readonly name: string;
  readonly localPart: string;
  readonly address: string;
  readonly role: Role;
  readonly plainPassword: string;
  readonly aliases: readonly string[];
}

function person(of: Omit<SamplePerson, 'address'>): SamplePerson {
  return { ...of, address: `${of.localPart}@${OFFICE_DOMAIN}` };
}

/** The first is the operator of the house, the second approves with her: changes that cannot be undone need two. The third files requests. */
export const persons: readonly SamplePerson[] = [
  person({
    key: 'leyla',
    name: 'Leyla Yıldız',
    localPart: 'leyla.yildiz',
    role: 'operator',
    plainPassword: 'drei Feigen am Fenster',
    aliases: [],
  }),
  person({
    key: 'jonas',
    name: 'Jonas Brandt',
    localPart: 'jonas.brandt',
    role: 'second',
    plainPassword: 'ein Fahrrad im Regen',
    aliases: [],
  }),
  person({
    key: 'mara',
    name: 'Mara Kaya',
    localPart: 'mara.kaya',
    role: 'clerk',
    plainPassword: 'zwei Tassen am Morgen',
    aliases: [`sekretariat@${OFFICE_DOMAIN}`, `kanzlei@${OFFICE_DOMAIN}`],
  }),
];

export function findPerson(address: string): SamplePerson | undefined {
  return persons.find((one) => one.address === address || one.aliases.includes(address));
}
