// What a house costs when it is large: 100,000 letters in one account, 250,000 accounts in one house.

import { measureAccounts } from './scale/accounts.ts';
import { measureLetters } from './scale/letters.ts';

/** `--letters=N`, `--accounts=N` change the size; `--quick` takes a tenth; `--only=letters|accounts`. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const share = flags.includes('--quick') ? 0.1 : 1;
  const only = textOf(flags, 'only');
  const note = (text: string): void => console.error(text);
  const letters = numberOf(flags, 'letters') ?? 100_000 * share;
  const accounts = numberOf(flags, 'accounts') ?? 250_000 * share;
  return {
    ...(only === 'accounts' ? {} : { oneAccount: await measureLetters({ letters, tries: 60, note }) }),
    ...(only === 'letters' ? {} : { manyAccounts: await measureAccounts({ accounts, rounds: 7, note }) }),
  };
}

function textOf(flags: readonly string[], name: string): string | undefined {
  const start = `--${name}=`;
  return flags.find((flag) => flag.startsWith(start))?.slice(start.length);
}

function numberOf(flags: readonly string[], name: string): number | undefined {
  const text = textOf(flags, name);
  return text === undefined ? undefined : Number(text);
}
