// Deadlines of the desk, told to the mailboxes of its people, or to the operators where it has none; sealed like any letter.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import type { Config } from '#base/config/read.ts';
import type { Log } from '#base/log/log.ts';
import type { Desk } from '#office/desk/book/desk.ts';
import { noticeDeadlines, type DueClock } from '#office/desk/clocks/notices.ts';
import { writeHouseLetter } from '#post/delivery/queue/notices.ts';
import type { Reception } from '#post/reception/reception.ts';
import { readAddressesOfRoles } from '#vault/database/addresses-read.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { createStateFile } from '#vault/live/state-file.ts';
import { dueClocks } from './desk-clocks.ts';
import type { Vault } from './open-vault.ts';

export interface DeskNoticeParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDir: string;
  readonly desk: Desk;
  readonly vault: Pick<Vault, 'database'>;
  readonly reception: Pick<Reception, 'submit'>;
}

const FIRST_LOOK_MS = 5_000;
const LOOK_MS = 10 * 60_000;

/** Undefined: there is no desk. */
export async function startDeskNotices(parts: DeskNoticeParts): Promise<Disposable | undefined> {
  const { config, log, dataDir, desk } = parts;
  if (config.deskTrust.length === 0) return undefined;
  const folder = join(dataDir, 'desk-notices');
  await nodeDisk.makeDirectory(folder);
  const store = createStateFile(nodeDisk, folder);
  let running = false;
  const look = (): void => {
    if (running) return;
    running = true;
    const tell = (subject: string, plainText: string): Promise<number> => send(parts, subject, plainText);
    noticeDeadlines({ store, due: () => clocksOf(desk), tell })
      .catch((cause: unknown) => log.fault('desk.noticesFailed', cause))
      .finally(() => (running = false));
  };
  const timers = [setTimeout(look, FIRST_LOOK_MS), setInterval(look, LOOK_MS)];
  for (const timer of timers) timer.unref();
  return { [Symbol.dispose]: () => timers.forEach((timer) => clearTimeout(timer)) };
}

/** None while there is no policy. */
async function clocksOf(desk: Desk): Promise<readonly DueClock[]> {
  const register = await desk.register();
  const standing = await desk.inForce(register);
  return standing.ok ? dueClocks(register, standing.value.policy) : [];
}

async function send(
  { config, clock, vault, reception }: DeskNoticeParts,
  subject: string,
  plainText: string,
): Promise<number> {
  const house = { domain: config.domain, nowMs: () => clock.nowMs(), token: () => randomBytes(16).toString('hex') };
  const ofDesk = await readAddressesOfRoles(vault.database.reader, ['clerk', 'officer', 'lawyer']);
  const to = ofDesk.length > 0 ? ofDesk : await readAddressesOfRoles(vault.database.reader, ['operator']);
  let reached = 0;
  for (const address of to) {
    const plainLetter = writeHouseLetter(house, { to: address, subject, plainText });
    const [outcome] = await reception.submit({ mailFrom: '', recipients: [address], plainLetter, by: 'house notice' });
    if (outcome?.outcome === 'kept') reached += 1;
  }
  return reached;
}
