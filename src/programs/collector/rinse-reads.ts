// The runtime reads all that comes into one buffer of its own, where the last report would stand until the next: zeros sent to the own door are read over it.

import { connect } from 'node:net';
import { limits } from '#base/limits.ts';

/** What the runtime reads at once, at most. */
const READ_BYTES = 64 * 1024;

/** Resolves when the door has cut them off, as zeros are no HTTP. Not for TLS: there the buffer holds records that nobody can open. */
export function rinseReads(host: string, port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on('error', () => undefined); // the cut
    socket.on('close', () => resolve());
    socket.setTimeout(limits.reportDoor.closeWaitMs, () => socket.destroy());
    socket.end(new Uint8Array(READ_BYTES));
  });
}
