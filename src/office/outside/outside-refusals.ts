// Why something outside was not fetched or told, and what the page hears of it (RFC 9457).

import type { OutgoingRefusal } from '#base/outgoing/outgoing.ts';

const refusals = {
  signedOut: [401, 'Sign in first', 'Your session ended. Sign in and try again.'],
  badRequest: [400, 'This cannot be asked', 'Send {"url": "https://…"} as application/json.'],
  tooManyRequests: [429, 'Too many questions', 'Try again later.'],
  notAllowed: [422, 'This address is not asked', 'Only https addresses of the public Internet are.'],
  unreachable: [502, 'The other server does not answer', 'Try again later.'],
  refusedThere: [502, 'The other server refuses', 'It may have its reasons; nothing more is known here.'],
  notAPicture: [415, 'This is no picture', 'Only PNG, JPEG, GIF, WebP, AVIF and BMP are handed on.'],
  tooLarge: [413, 'This is too large', 'Open it at its own address if you trust it.'],
} as const;

export interface OutsideRefusal {
  readonly kind: keyof typeof refusals;
}

export function answerRefusal({ kind }: OutsideRefusal): Response {
  const [status, title, detail] = refusals[kind];
  const type = `urn:siegel:problem:${kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  return new Response(JSON.stringify({ type, title, detail }), { status, headers });
}

/** Whether a name leads into somebody's own network is not told apart from a server that is off. */
export function ofDoor({ kind }: OutgoingRefusal): OutsideRefusal {
  switch (kind) {
    case 'badUrl':
    case 'notHttps':
    case 'badPort':
    case 'notLocal':
      return { kind: 'notAllowed' };
    case 'tooLarge':
      return { kind: 'tooLarge' };
    case 'redirected':
    case 'badAnswer':
      return { kind: 'refusedThere' };
    default:
      return { kind: 'unreachable' };
  }
}
