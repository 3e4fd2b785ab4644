// What is typed as the address of a link. Pure.

import { isAddress } from './compose-state.ts';

/** Only what opens a page or a letter; a bare address or domain is helped to its scheme. */
export function linkOf(text: string): string | undefined {
  const wanted = text.trim();
  if (isAddress(wanted)) return `mailto:${wanted}`;
  const full = /^[a-z][a-z0-9+.-]*:/i.test(wanted) ? wanted : `https://${wanted}`;
  if (!/^(?:https?:\/\/[^\s/]+\.[^\s]+|mailto:[^\s@]+@[^\s]+|tel:[+\d][\d\s()-]*)$/i.test(full)) return undefined;
  return URL.canParse(full) ? full : undefined;
}
