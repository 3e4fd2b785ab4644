// A process that undoes on a scratch house and says how far it is, so that R14 can kill it there.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { formatKeyKit, parseKeyKit, type KeyKit } from '#vault/keykit/key-kit.ts';
import { DrillHouse } from './drill-house.ts';

export async function writeKitForChild(folder: string, kit: KeyKit): Promise<string> {
  const file = join(folder, 'kit-of-child.json');
  await writeFile(file, formatKeyKit(kit), { mode: 0o600 });
  return file;
}

const FOR_EVER_MS = 600_000;

async function undo([dataDir = '', kitFile = '', native = '', at = '']: readonly string[]): Promise<void> {
  const kit = parseKeyKit(await readFile(kitFile, 'utf8'));
  if (!kit.ok) throw new Error(kit.error.kind);
  const house = await new DrillHouse(dataDir, { native }, { kit: kit.value, accounts: [], letters: [] }).open();
  const say = (what: string): void => void process.stdout.write(`${what}\n`);
  await house.vault.restoreTo?.({
    base: { kind: 'journal' },
    reason: 'undone',
    why: 'a drill that is killed',
    onProgress: () => say('following'),
    check: async () => {
      say('checking');
      if (at === 'checking') await wait(FOR_EVER_MS);
      return { ok: true, value: undefined };
    },
  });
}

if (import.meta.main) await undo(process.argv.slice(2));
