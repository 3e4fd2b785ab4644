// Fetches one stored letter and opens it: the original byte for byte, checked against its summary, or a refusal.

import type { LetterId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { openLetter } from '#vault/sealing/client/open-letter.ts';
import type { OpenedSummary } from '#vault/sealing/client/open-summary.ts';
import type { OpenRefusal } from '../backend.ts';
import { readLetterRows, type LetterPlaceRow } from './mail-reads.ts';
import type { OpenSession } from './open-session.ts';

export interface StoredLetter {
  readonly place: LetterPlaceRow;
  readonly opened: OpenedSummary;
  readonly summaryVersion: number;
  /** As the server holds and exports it. */
  readonly rendered: Uint8Array<ArrayBuffer>;
}

export interface ReadLetter extends StoredLetter {
  /** Byte for byte what SMTP brought. */
  readonly plainOriginal: Uint8Array<ArrayBuffer>;
}

type Answer<T> = Promise<Result<T, OpenRefusal>>;

export interface LetterReader {
  fetch(id: LetterId): Answer<StoredLetter>;
  read(id: LetterId): Answer<ReadLetter>;
}

export function createLetterReader({ jmap, account, summaries }: OpenSession): LetterReader {
  async function fetchLetter(id: LetterId): Answer<StoredLetter> {
    const rows = await readLetterRows(jmap, [id], [id]);
    if (!rows.ok) return err({ kind: rows.error.kind === 'no-connection' ? 'no-connection' : 'server-unavailable' });
    const place = rows.value.places.get(id);
    const sealed = rows.value.summaries.get(id);
    if (!place || !sealed) return err({ kind: 'gone' });
    const opened = await summaries.open(sealed);
    if (!opened) return err({ kind: 'altered' });
    const rendered = await jmap.download(place.blobId);
    if (!rendered.ok) {
      return err({ kind: rendered.error.kind === 'no-connection' ? 'no-connection' : 'server-unavailable' });
    }
    if (!rendered.value) return err({ kind: 'gone' });
    return ok({ place, opened, summaryVersion: sealed.version, rendered: rendered.value });
  }

  return {
    fetch: fetchLetter,
    async read(id) {
      const stored = await fetchLetter(id);
      if (!stored.ok) return stored;
      const letter = await openLetter(
        { rendered: stored.value.rendered },
        account.keyring,
        stored.value.opened.summary,
      );
      if (!letter.ok) return err({ kind: 'altered' });
      return ok({ ...stored.value, plainOriginal: letter.value.plainOriginal });
    },
  };
}
