// What every room's HTTP answers in common when it refuses: type, title, detail (RFC 9457).

const problems = {
  notFound: [404, 'There is nothing here', 'Check the address.'],
  badRequest: [400, 'This cannot be asked', 'Check the address and what stands behind the question mark.'],
  signedOut: [401, 'Sign in first', 'Your session ended. Sign in and try again.'],
  notAllowed: [403, 'This is for the operator', 'Ask the operator of this house.'],
  notOfTheDesk: [
    403,
    'This is for the people of the desk',
    'The policy of this house names them, by the key of their account.',
  ],
  altered: [
    409,
    'What is stored is not what was promised',
    'Keep what you have and ask somebody you trust to look at the server.',
  ],
  tooManyRequests: [429, 'Too many questions', 'Try again in a minute.'],
  otherOrigin: [403, 'This request comes from another site', 'Open the mailbox at its own address and try there.'],
  bodyTooLarge: [413, 'This is too large', 'Send less at once.'],
  serverUnavailable: [503, 'The server cannot answer now', 'Nothing was changed. Try again in a minute.'],
} as const;

export type ProblemKind = keyof typeof problems;

/** A JSON answer a client can tell apart by `type` and a person can read. */
export function problem(kind: ProblemKind): Response {
  const [status, title, detail] = problems[kind];
  const type = `urn:siegel:problem:${kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const headers = { 'content-type': 'application/problem+json', 'x-content-type-options': 'nosniff' };
  return new Response(JSON.stringify({ type, title, detail }), { status, headers });
}
