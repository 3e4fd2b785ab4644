// Why a key kit is not used, and what the operator does about it.

import { unreachable } from '#base/assert.ts';

export type KitRefusal =
  | { readonly kind: 'kitMissing'; readonly path: string }
  | { readonly kind: 'kitUnreadable'; readonly path: string; readonly code: string }
  | { readonly kind: 'kitPermissions'; readonly path: string; readonly mode: string; readonly wanted: string }
  | { readonly kind: 'kitForeign'; readonly path: string }
  | { readonly kind: 'kitDamaged'; readonly path: string }
  | { readonly kind: 'kitUnwritable'; readonly path: string; readonly code: string };

/** One sentence what happened, one what to do. */
export function describeKitRefusal(refusal: KitRefusal): string {
  const { path } = refusal;
  switch (refusal.kind) {
    case 'kitMissing':
      return `This house has data, but its key kit ${path} is missing. Put the kit back from where you keep it (it is not in the data backup); a new one would lock every account out, so none was made.`;
    case 'kitUnreadable':
      return `The key kit ${path} cannot be read (${refusal.code}). Give it to the user that runs Siegel: chown it and its folder.`;
    case 'kitPermissions':
      return `${path} has mode ${refusal.mode}, so others may reach the keys. Run: chmod ${refusal.wanted} '${path}'`;
    case 'kitForeign':
      return `The key kit ${path} belongs to another house than this data folder. Point SIEGEL_KIT_DIR or SIEGEL_DATA_DIR to the pair that belongs together.`;
    case 'kitDamaged':
      return `The key kit ${path} is damaged: its digest does not match. Put an undamaged copy back; do not edit it by hand.`;
    case 'kitUnwritable':
      return `The key kit ${path} could not be made (${refusal.code}). Make its folder writable for the user that runs Siegel, or choose another with SIEGEL_KIT_DIR.`;
    default:
      return unreachable(refusal);
  }
}
