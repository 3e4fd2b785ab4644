// Where the rows of a restore begin.

import type { Result } from '#base/result.ts';
import type { GenerationRefusal } from './refusals.ts';

export type RestoreBase =
  | { readonly kind: 'journal' }
  | {
      readonly kind: 'backup' | 'copy';
      readonly backupId?: string;
      /** Puts a whole cluster into the folder, which does not exist yet. */
      fill(folder: string): Promise<Result<void, GenerationRefusal>>;
    };
