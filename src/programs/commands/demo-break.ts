// `siegel demo break`: empties the sample office’s mailboxes as it once happened.

import type { Run } from '../command.ts';
import { breakDemo } from '../demo/break-demo.ts';

export const run: Run = (call) => breakDemo(call);
