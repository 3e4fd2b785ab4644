// What the mailbox asks of the composer: a new letter, an answer to one, a draft to go on with. Types only: the composer itself is loaded later.

import type { ItemId, LetterId } from '#base/ids.ts';
import type { AnswerKind } from '#formats/compose/answer.ts';
import type { Person } from '../backend.ts';

export type ComposeAsk =
  | { readonly kind: 'new'; readonly to: readonly Person[]; readonly subject?: string }
  | { readonly kind: 'answer'; readonly how: AnswerKind; readonly id: LetterId }
  | { readonly kind: 'draft'; readonly id: ItemId };

export interface Asked {
  /** Another number: asked anew. */
  readonly turn: number;
  readonly ask: ComposeAsk | undefined;
}
