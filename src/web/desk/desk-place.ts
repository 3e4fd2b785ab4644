// Where one is in the desk, and how its troubles read.

import type { DeskArrival } from '#formats/auth-wire/desk-answers.ts';
import type { DeskRefused, DeskTrouble } from '../desk-work.ts';
import type { DeskWords } from '../words/desk-en.ts';

export type Trouble = DeskTrouble | DeskRefused;
export type Place =
  | { readonly at: 'list' }
  | { readonly at: 'filing'; readonly filing: string }
  | { readonly at: 'arrival'; readonly arrival: DeskArrival }
  | { readonly at: 'form'; readonly corrects: string | null; readonly arrival?: DeskArrival };

export function troubleText(trouble: Trouble, { troubles }: DeskWords): string {
  return trouble.kind === 'refused' ? trouble.sentence : troubles[trouble.kind];
}

/** What every place of it is given. */
export interface OpenedProps {
  readonly onPlace: (place: Place) => void;
  readonly onChanged: () => Promise<void>;
  readonly say: (text: string) => void;
}
