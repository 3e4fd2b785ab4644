// `siegel queue release`: held letters leave again.

import type { Run } from '../command.ts';
import { queueChange } from './queue-change.ts';

export const run: Run = queueChange('queue.release');
