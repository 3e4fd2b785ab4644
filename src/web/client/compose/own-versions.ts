// Which versions of drafts this page wrote or read: what the server has beyond them came from another device.

import type { ItemId } from '#base/ids.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { sha256 } from '#vault/sealing/derive.ts';
import type { DraftItem, KeptDraft } from './draft-item.ts';

interface Known {
  readonly version: number;
  /** Of the last write that was tried: it may have been done although its answer was lost. */
  readonly tried: string | undefined;
}

export class OwnVersions {
  readonly #known = new Map<ItemId, Known>();

  put({ id, version }: DraftItem): void {
    this.#known.set(id, { version, tried: undefined });
  }

  trying({ id, version, kept }: DraftItem): void {
    this.#known.set(id, { version: this.#known.get(id)?.version ?? version - 1, tried: digestOf(kept) });
  }

  isKept(id: ItemId): boolean {
    return (this.#known.get(id)?.version ?? 0) > 0;
  }

  /** Nothing is known of drafts that were never open here: they may be written. */
  has({ id, version, kept }: DraftItem): boolean {
    const known = this.#known.get(id);
    return known === undefined || version <= known.version || digestOf(kept) === known.tried;
  }
}

function digestOf(kept: KeptDraft): string {
  return toBase64Url(sha256(canonicalBytes(kept)));
}
