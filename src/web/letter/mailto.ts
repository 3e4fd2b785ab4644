// mailto: addresses (RFC 6068): who is written to and about what; a body that a stranger proposes is left out.

import type { ComposeAsk } from '../compose/compose-ask.ts';

const ADDRESSES_MAX = 20;

/** undefined: it names nobody. */
export function parseMailto(text: string): ComposeAsk | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== 'mailto:') return undefined;
  const to = url.pathname
    .split(',')
    .slice(0, ADDRESSES_MAX)
    .map((part) => ({ name: '', address: decoded(part).trim() }))
    .filter(({ address }) => /^[^\s@]+@[^\s@]+$/.test(address));
  const subject = oneLine(url.searchParams.get('subject') ?? '');
  return to.length === 0 ? undefined : { kind: 'new', to, subject };
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
