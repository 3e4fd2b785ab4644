// `siegel start`: runs the mail service until it is stopped.

import type { Run } from '../command.ts';
import { runServer } from '../server.ts';

export const run: Run = (call) => runServer(call);
