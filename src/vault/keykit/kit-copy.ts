// A kit out of any of its three forms: the running file, a copy sealed with a passphrase, or typed from paper.

import { err, type Result } from '#base/result.ts';
import { unreachable } from '#base/assert.ts';
import { parseKeyKit } from './key-kit.ts';
import { isPrintedKit, readPrintedKit } from './printed-kit.ts';
import { exact, isSealedKit, openSealedKit, type KitCopy, type KitCopyRefusal } from './sealed-kit.ts';

export type ReadKitRefusal = KitCopyRefusal | { readonly kind: 'passphraseNeeded' };

export async function readKitCopy(
  text: string,
  plainPassphrase: string | undefined,
): Promise<Result<KitCopy, ReadKitRefusal>> {
  if (isSealedKit(text)) {
    if (plainPassphrase === undefined) return err({ kind: 'passphraseNeeded' });
    return openSealedKit(text, plainPassphrase);
  }
  if (isPrintedKit(text)) return readPrintedKit(text);
  const kit = parseKeyKit(text);
  return kit.ok ? exact({ kit: kit.value }) : err({ kind: 'kitCopyDamaged' });
}

export function describeReadKit(refusal: ReadKitRefusal, path: string): string {
  switch (refusal.kind) {
    case 'passphraseNeeded':
      return `${path} is sealed with a passphrase. Give it on standard input with --passphrase-stdin.`;
    case 'kitCopyNotOpened':
      return `${path} does not open: the passphrase is wrong, or the file is damaged. Try again, or take another copy of the kit.`;
    case 'kitCopyDamaged':
      return `${path} is no undamaged key kit. Take another copy of it; do not edit it by hand.`;
    case 'kitLineWrong':
      return `Line ${refusal.line} of ${path} does not fit its check digits. Compare it with the paper, then try again.`;
    default:
      return unreachable(refusal);
  }
}
