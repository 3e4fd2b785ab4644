// The purifier and the policy `letter`, once a page: the browser grants each name one time only. Whatever shows or quotes a letter's HTML goes through them.

import { createPolicy } from '../trusted-types.ts';
import { createLetterPurifier } from './purify.ts';

export const purifyLetter = createLetterPurifier();

/** For purified HTML only. */
export const letterPolicy = createPolicy('letter', { createHTML: (html: string): string => html });
