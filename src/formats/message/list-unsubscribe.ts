// List-Unsubscribe: the ways out of a list that a letter names, in angle brackets, comments left out (RFC 2369 §3.2, RFC 8058 §3.1).

import { limits } from '#base/limits.ts';

export interface UnsubscribeWays {
  /** The first of its kind: https only, as written. */
  readonly https: string | undefined;
  /** mailto:, as written. */
  readonly mailto: string | undefined;
}

const HTTPS = /^https:\/\/[^\s/]/i;
const MAILTO = /^mailto:[^\s@]+@[^\s@]+$/i;

export function parseListUnsubscribe(value: string): UnsubscribeWays {
  const urls = withoutComments(value)
    .split(/[<>]/)
    .filter((_, index) => index % 2 === 1)
    // a folded address has blanks where its lines were joined (RFC 2369 §2)
    .map((url) => url.replaceAll(/\s+/g, ''))
    .filter((url) => url.length <= limits.outside.unsubscribeAddressCharacters && URL.canParse(url));
  return { https: urls.find((url) => HTTPS.test(url)), mailto: urls.find((url) => MAILTO.test(url)) };
}

/** Comments stand outside of the brackets; parentheses inside belong to the address. */
function withoutComments(value: string): string {
  let depth = 0;
  let isInside = false;
  let text = '';
  for (const character of value) {
    if (!isInside && character === '(') depth += 1;
    else if (!isInside && character === ')' && depth > 0) depth -= 1;
    else if (depth === 0) {
      if (character === '<') isInside = true;
      if (character === '>') isInside = false;
      text += character;
    }
  }
  return text;
}
