// What the link to /status is called on the sign-in page: apart, because the list of letters is shown without it.

import type { Language } from './dates.ts';

export const statusLink: Readonly<Record<Language, string>> = { de: 'Wie es dem Haus geht', en: 'How the house is' };
