// The template for Germany, to begin a policy with: its roster is empty, so that nobody can put it into force as it is. No legal advice.

import { readFileSync } from 'node:fs';

/** JSON text, as it stands in `example-germany.json`. */
export function exampleGermany(): string {
  return readFileSync(new URL('example-germany.json', import.meta.url), 'utf8');
}
