// One door to Trusted Types: a browser without them gets the text as it is.

interface PolicyRules {
  readonly createHTML?: (text: string) => string;
  readonly createScriptURL?: (address: string) => string;
}

/** The names the page's policy allows; `dompurify` makes its own. */
export function createPolicy<T extends PolicyRules>(name: 'letter' | 'worker', rules: T): T {
  return typeof trustedTypes === 'undefined' ? rules : trustedTypes.createPolicy(name, rules);
}
