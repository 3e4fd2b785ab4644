// Every refusal of the accounts room, and what a client is told: status, sentence, what to do.

export type AuthRefusal =
  | { readonly kind: 'badRequest' }
  | { readonly kind: 'invitationUnknown' }
  | { readonly kind: 'addressTaken' }
  | { readonly kind: 'addressInvalid' }
  | { readonly kind: 'keysUnusable' }
  | { readonly kind: 'wrongCredentials' }
  | { readonly kind: 'wrongCode' }
  | { readonly kind: 'wrongPhrase' }
  | { readonly kind: 'tooManyTries'; readonly retryAfterMs: number }
  | { readonly kind: 'handleExpired' }
  | { readonly kind: 'signedOut' }
  | { readonly kind: 'badSignature' }
  | { readonly kind: 'stale' }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'lastHolder' }
  | { readonly kind: 'serverUnavailable' };

export type AuthRefusalKind = AuthRefusal['kind'];

export interface AuthProblem {
  readonly status: 400 | 401 | 403 | 404 | 409 | 422 | 429 | 503;
  readonly title: string;
  readonly detail: string;
}

export const authProblems: Readonly<Record<AuthRefusalKind, AuthProblem>> = {
  badRequest: {
    status: 400,
    title: 'This request is not understood',
    detail: 'The body has not the shape this route needs. Reload the page, or update the client.',
  },
  invitationUnknown: {
    status: 404,
    title: 'This invitation is not valid',
    detail: 'It was never made, has been used, or is too old. Ask the operator for a new one.',
  },
  addressTaken: { status: 409, title: 'This address is taken', detail: 'Choose another one.' },
  addressInvalid: {
    status: 422,
    title: 'This cannot be an address',
    detail: 'Use letters, digits, dots and hyphens, at most 64 characters, without the part behind @.',
  },
  keysUnusable: {
    status: 422,
    title: 'These keys cannot be used',
    detail: 'The server could not seal a letter with them. Update the client.',
  },
  wrongCredentials: {
    status: 401,
    title: 'Address or password is wrong',
    detail: 'Check both and try again. If the password is lost, use the recovery phrase.',
  },
  wrongCode: {
    status: 401,
    title: 'This code is wrong',
    detail: 'Each code works once. Wait for the next and type that.',
  },
  wrongPhrase: {
    status: 401,
    title: 'Address or phrase is wrong',
    detail: 'Check the address and all twelve words and their order.',
  },
  tooManyTries: {
    status: 429,
    title: 'Too many tries',
    detail: 'Wait as long as Retry-After says, then try again.',
  },
  handleExpired: {
    status: 401,
    title: 'This took too long',
    detail: 'The step before is no longer valid. Start again with address and password.',
  },
  signedOut: { status: 401, title: 'Not signed in', detail: 'The session has ended. Sign in again.' },
  badSignature: {
    status: 403,
    title: 'This change is not signed by the account',
    detail: 'A session alone does not suffice. Sign in again with the password and repeat it.',
  },
  stale: {
    status: 409,
    title: 'Something else changed this meanwhile',
    detail: 'Read the present state and repeat the change.',
  },
  tooMany: { status: 409, title: 'There is no room for more', detail: 'Remove one that is not needed first.' },
  gone: { status: 404, title: 'This is not there', detail: 'It may have been removed elsewhere.' },
  lastHolder: {
    status: 409,
    title: 'Nobody else holds this shared mailbox',
    detail:
      'Without you nobody could open it. Nothing was changed. Add somebody who takes it over, or ask the operator to close it: siegel account close ADDRESS.',
  },
  serverUnavailable: {
    status: 503,
    title: 'The server cannot answer now',
    detail: 'Nothing was changed. Try again in a minute; the operator sees the reason with ./siegel status.',
  },
};

/** `wrongCode` → `urn:siegel:problem:wrong-code`. */
export function problemType(kind: AuthRefusalKind): string {
  return `urn:siegel:problem:${kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
