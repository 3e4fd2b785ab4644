// Keywords of letters: which words may be one (RFC 8621 §4.1.1).

const PATTERN = /^[\x21\x23\x24\x26\x27\x2b-\x5b\x5e-\x7a\x7c-\x7e]{1,255}$/;

/** The keyword in lower case, or undefined when the text may not be one: white space, controls and ( ) { ] % * " \ are out. */
export function parseKeyword(text: string): string | undefined {
  return PATTERN.test(text) ? text.toLowerCase() : undefined;
}
