// `siegel demo undo`: brings back what `demo break` took.

import type { Run } from '../command.ts';
import { undoDemo } from '../demo/break-demo.ts';

export const run: Run = (call) => undoDemo(call);
