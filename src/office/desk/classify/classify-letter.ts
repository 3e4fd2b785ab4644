// By which channel a letter came, decided by what its bytes are and by nothing that they say of themselves.

import type { Classified, Fact, FactKind } from './facts.ts';
import { leafFacts } from './leaf-facts.ts';
import { walkParts } from './walk-parts.ts';

const PGP: ReadonlySet<FactKind> = new Set(['pgpEncrypted']);
const SMIME: ReadonlySet<FactKind> = new Set(['smimeEnveloped', 'smimeAuthEnveloped']);
const CLEAR: ReadonlySet<FactKind> = new Set(['clearText', 'clearFile', 'pgpSignedOnly', 'smimeSignedOnly']);
/** Nobody can say what it is: a person looks. */
const UNSURE: ReadonlySet<FactKind> = new Set(['brokenArmor', 'brokenMessage', 'unreadable']);

/** Never throws. In memory only. */
export function classifyLetter(letter: Uint8Array): Classified {
  const facts: Fact[] = [];
  const recipients = new Set<string>();
  for (const leaf of walkParts(letter)) {
    const found = leafFacts(leaf);
    for (const kind of found.kinds) facts.push({ kind, place: leaf.place });
    for (const recipient of found.recipients) recipients.add(recipient);
  }
  return { channel: channelOf(facts), facts, recipients: [...recipients] };
}

function channelOf(facts: readonly Fact[]): Classified['channel'] {
  const has = (kinds: ReadonlySet<FactKind>): boolean => facts.some(({ kind }) => kinds.has(kind));
  if (has(UNSURE)) return 'MIXED';
  const [isPgp, isSmime] = [has(PGP), has(SMIME)];
  if (!isPgp && !isSmime) return 'PLAIN_MAIL';
  if (has(CLEAR) || (isPgp && isSmime)) return 'MIXED';
  return isPgp ? 'PGP' : 'SMIME';
}
