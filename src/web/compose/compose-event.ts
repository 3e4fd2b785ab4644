// What the composer tells the page around it.

import type { ItemId, LetterId } from '#base/ids.ts';
import type { Sent, SendRefusal } from '../writing.ts';
import type { Elsewhere } from './compose-state.ts';

export type ComposeEvent =
  | { readonly kind: 'sent'; readonly sent: Sent; readonly isLater: boolean; readonly undoMs: number }
  | { readonly kind: 'answered'; readonly id: LetterId }
  | { readonly kind: 'dropped'; readonly again: () => void }
  | { readonly kind: 'returned'; readonly refusal: SendRefusal }
  | { readonly kind: 'changed-elsewhere' | 'ended-elsewhere'; readonly how: Elsewhere['how']; readonly id: ItemId }
  | { readonly kind: 'kept' | 'kept-both' | 'waits' | 'left' | 'failed' | 'drafts' };
