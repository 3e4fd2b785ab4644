// `siegel queue hold`: letters of one account, or all, wait until they are released.

import type { Run } from '../command.ts';
import { queueChange } from './queue-change.ts';

export const run: Run = queueChange('queue.hold');
