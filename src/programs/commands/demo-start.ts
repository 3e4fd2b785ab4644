// `siegel demo start`: the sample office.

import type { Run } from '../command.ts';
import { runDemo } from '../demo/run-demo.ts';

export const run: Run = (call) => runDemo(call);
