// A server process of ours that works for nobody who waits lets the others go first.

import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import type { Client } from 'pg';
import { limits } from '#base/limits.ts';

/** The process that serves this connection, on this machine. */
export function giveWay(client: Client): void {
  const pid = 'processID' in client && typeof client.processID === 'number' ? client.processID : 0;
  try {
    // a number from another machine, or of a process that ended, may be anybody's here
    if (pid > 0 && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres')
      setPriority(pid, limits.database.lowPriority);
  } catch {
    // it ended meanwhile, or there is no /proc here: it goes on as it is
  }
}
