// What twins of the change of a password share: the program as it is, with another door for commits.

import { readConfig } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { startServer } from '../../src/programs/server.ts';
import type { AccountsDoor } from '../../src/programs/server/open-office.ts';

export async function startTwin(wrapCommits: (door: AccountsDoor) => AccountsDoor): Promise<void> {
  const config = readConfig();
  if (!config.ok) throw new Error(config.error.sentence);
  const started = await startServer(config.value, createLog('silent'), undefined, { wrapCommits });
  if (!started.ok) throw new Error(started.error.sentence);
  process.once('SIGTERM', () => void started.value[Symbol.asyncDispose]().then(() => process.exit(0)));
}
