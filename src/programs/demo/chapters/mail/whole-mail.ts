// All letters of the office's first chapter.

import { firstQuestions } from './first-questions.ts';
import { lettersInside } from './inside-the-office.ts';
import { junkLetters } from './junk.ts';
import type { PlannedLetter } from './letter-plan.ts';
import { lettersFromAbroad } from './matters-from-abroad.ts';
import { lettersOfJonas } from './matters-of-jonas.ts';
import { lettersOfLeyla } from './matters-of-leyla.ts';
import { invitations, newsletters } from './newsletters.ts';
import { notices } from './notices.ts';
import { lettersOfSuppliers } from './suppliers.ts';

export const wholeMail: readonly PlannedLetter[] = [
  ...lettersOfLeyla,
  ...lettersFromAbroad,
  ...lettersOfJonas,
  ...firstQuestions,
  ...lettersInside,
  ...lettersOfSuppliers,
  ...notices,
  ...newsletters,
  ...invitations,
  ...junkLetters,
];
