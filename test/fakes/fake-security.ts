// The security side of a backend made for pages: phrase, sign-in code, addresses and app passwords that open nothing.

import { newId, type AppPasswordId } from '#base/ids.ts';
import { err, ok } from '#base/result.ts';
import { sampleReport } from './sample-report.ts';
import type { AppPassword, Backend } from '#web/backend.ts';

const DAY_MS = 86_400_000;
export const phrase = 'kelp amber tunnel orbit fabric lemon pilot cradle winter anchor velvet spoon'.split(' ');

export class FakeSecurity {
  #state = { phraseSet: true, codeSet: false, passwordChangedMs: Date.now() - 40 * DAY_MS };
  #addresses: readonly { readonly address: string; readonly isAlias: boolean }[] = [
    { address: 'leyla.yilmaz@kanzlei-yilmaz.example', isAlias: false },
    { address: 'leyla@kanzlei-yilmaz.example', isAlias: true },
  ];
  #appPasswords: readonly AppPassword[] = [
    fake('Thunderbird, Kanzlei', Date.now() - 40 * DAY_MS, Date.now() - DAY_MS),
    fake('Scanner im Flur', Date.now() - 9 * DAY_MS, undefined),
  ];

  async security(): ReturnType<Backend['security']> {
    return this.#state;
  }
  async newPhrase(): Promise<readonly string[]> {
    return phrase;
  }
  async confirmPhrase(): ReturnType<Backend['confirmPhrase']> {
    this.#state = { ...this.#state, phraseSet: true };
    return ok(undefined);
  }
  async newCodeSecret(): ReturnType<Backend['newCodeSecret']> {
    const secretBase32 = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    return { secretBase32, uri: `otpauth://totp/Siegel:leyla?secret=${secretBase32}&issuer=Siegel` };
  }
  async confirmCode(code: string): ReturnType<Backend['confirmCode']> {
    if (code === '000000') return err({ kind: 'wrong-code' });
    this.#state = { ...this.#state, codeSet: true };
    return ok(undefined);
  }
  async removeCode(): ReturnType<Backend['removeCode']> {
    this.#state = { ...this.#state, codeSet: false };
    return ok(undefined);
  }
  async domains(): ReturnType<Backend['domains']> {
    return ['kanzlei-yilmaz.example', 'yilmaz.example'];
  }
  async domainReport(domain: string): ReturnType<Backend['domainReport']> {
    return sampleReport(domain);
  }
  async addresses(): ReturnType<Backend['addresses']> {
    return { addresses: this.#addresses, domains: ['kanzlei-yilmaz.example', 'yilmaz.example'], left: 9 };
  }
  async addAlias(text: string): ReturnType<Backend['addAlias']> {
    const address = text.includes('@') ? text : `${text}@kanzlei-yilmaz.example`;
    if (address.startsWith('postmaster@')) return err({ kind: 'address-invalid' });
    if (this.#addresses.some((one) => one.address === address)) return err({ kind: 'address-taken' });
    this.#addresses = [...this.#addresses, { address, isAlias: true }];
    return ok({ address });
  }
  async removeAlias(address: string): ReturnType<Backend['removeAlias']> {
    this.#addresses = this.#addresses.filter((one) => one.address !== address);
    return ok(undefined);
  }
  async appPasswords(): ReturnType<Backend['appPasswords']> {
    return this.#appPasswords;
  }
  async makeAppPassword(name: string): ReturnType<Backend['makeAppPassword']> {
    const made = fake(name, Date.now(), undefined);
    this.#appPasswords = [...this.#appPasswords, made];
    return ok({ id: made.id, plainSecret: 'k3vd-q7xm-2tna-hw5p-rs6e-yb4c' });
  }
  async removeAppPassword(id: AppPasswordId): ReturnType<Backend['removeAppPassword']> {
    this.#appPasswords = this.#appPasswords.filter((one) => one.id !== id);
    return ok(undefined);
  }
}

function fake(name: string, createdMs: number, usedMs: number | undefined): AppPassword {
  return { id: newId<AppPasswordId>(), name, createdMs, usedMs };
}
