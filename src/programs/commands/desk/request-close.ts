// `siegel request close NUMBER`: nothing is left to be done.

import { ask } from '../../ask.ts';
import type { Run } from '../../command.ts';
import { describeChanged } from './describe-request.ts';

export const run: Run = (call) => ask(call, 'request.close', { filing: call.operands[0] ?? '' }, describeChanged);
