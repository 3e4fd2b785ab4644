// The chapters in the order in which they are filled; a new one goes to the end.

import type { Chapter } from './chapter.ts';
import { deskRegister } from './desk-register.ts';
import { lettersOut } from './letters-out.ts';
import { officeMail } from './office-mail.ts';

export const chapters: readonly Chapter[] = [officeMail, lettersOut, deskRegister];
