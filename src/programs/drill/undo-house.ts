// A process that undoes on a scratch house and says how far it is, so that R14 can kill it there.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { formatKeyKit, parseKeyKit, type KeyKit } from '#vault/keykit/key-kit.ts';
import type { Vault } from '../server/open-vault.ts';
import { DrillHouse } from './drill-house.ts';
import { openSaga } from './drill-saga.ts';

export async function writeKitForChild(folder: string, kit: KeyKit): Promise<string> {
  const file = join(folder, 'kit-of-child.json');
  await writeFile(file, formatKeyKit(kit), { mode: 0o600 });
  return file;
}

const FOR_EVER_MS = 600_000;

/** The undo of a change, or what a kill has left of it: begun by the command, or by the start itself. */
async function undo([
  dataDir = '',
  kitFile = '',
  native = '',
  placeDir = '',
  number = '',
  at = '',
]: readonly string[]): Promise<void> {
  const kit = parseKeyKit(await readFile(kitFile, 'utf8'));
  if (!kit.ok) throw new Error(kit.error.kind);
  const house = await new DrillHouse(dataDir, { native }, { kit: kit.value, accounts: [], letters: [] }).open();
  const saga = await openSaga(house, { placeDir, vault: { ...house.vault, restoreTo: telling(house.vault, at) } });
  await saga.undo(Number(number));
}

function telling({ restoreTo }: Vault, at: string): Vault['restoreTo'] {
  const say = (what: string): void => void process.stdout.write(`${what}\n`);
  return (order) => {
    if (restoreTo === undefined) throw new Error('a scratch house has generations');
    return restoreTo({
      ...order,
      onProgress: () => say('following'),
      check: async (database, followed) => {
        say('checking');
        if (at === 'checking') await wait(FOR_EVER_MS);
        return (await order.check?.(database, followed)) ?? { ok: true, value: undefined };
      },
    });
  };
}

if (import.meta.main) await undo(process.argv.slice(2));
