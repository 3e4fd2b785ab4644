// Each refusal of fulfilment as a sentence that says what to do.

import type { LookRefusal } from '#formats/desk/check-look.ts';
import type { FilingNumber } from '#formats/desk/model.ts';
import type { DeskRefusal } from '../book/desk.ts';
import { describeDeskRefusal } from '../book/desk-refusals.ts';
import type { RecipientRefusal } from './recipient.ts';

export type FulfilRefusal =
  | DeskRefusal
  | LookRefusal
  | RecipientRefusal
  | {
      readonly kind: 'noTarget' | 'otherTarget' | 'groupAddress';
      readonly filing: FilingNumber;
      /** From 0. */
      readonly item: number;
    }
  | { readonly kind: 'changedMeanwhile'; readonly filing: FilingNumber }
  | { readonly kind: 'packageGone'; readonly filing: FilingNumber; readonly isDone: boolean }
  | { readonly kind: 'packageTooLarge'; readonly max: number }
  | { readonly kind: 'damagedLetter' };

export function describeFulfilRefusal(refusal: FulfilRefusal): string {
  switch (refusal.kind) {
    case 'look':
    case 'recipient':
      return refusal.what;
    case 'noTarget':
      return `${refusal.filing}: item ${refusal.item} is about nobody in particular, so there is nothing to look for.`;
    case 'otherTarget':
      return `${refusal.filing}: the case file does not say whom item ${refusal.item} is about: its target and random bytes are not those that the filing was made with. Open the case file of this filing.`;
    case 'groupAddress':
      return `${refusal.filing}: several people read the address of item ${refusal.item}. The request has to name a person: ask for a correction.`;
    case 'changedMeanwhile':
      return `${refusal.filing}: something was added while it was collected. Nothing was kept: look at it and collect again.`;
    case 'packageGone':
      return `${refusal.filing}: the sealed package is not on this machine any more. ${refusal.isDone ? 'What was handed over is with the authority; the register keeps its hash.' : 'Collect it again.'}`;
    case 'packageTooLarge':
      return `The package would have more than ${refusal.max} bytes. Nothing was kept: ask for a shorter period.`;
    case 'damagedLetter':
      return 'A letter cannot be read here. Nothing was kept: siegel ledger check says which.';
    default:
      return describeDeskRefusal(refusal);
  }
}
