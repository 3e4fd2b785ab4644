// The mailbox as the bytes the server holds, for the view that shows nothing else (key S).

import type { LetterId } from '#base/ids.ts';
import type { Backend, ServerRow } from '../backend.ts';
import type { Members } from './jmap-client.ts';
import { chunks, PLACE_PROPERTIES, readLetterRows } from './mail-reads.ts';
import { membersOf } from './mailbox-folders.ts';
import type { OpenSession } from './open-session.ts';

const SHOWN_BYTES = 64 * 1024;
const AT_ONCE = 200;

export function createServerView({
  jmap,
}: OpenSession): Pick<Backend, 'serverRows' | 'serverMailboxes' | 'serverLetter'> {
  return {
    async serverRows(ids) {
      const texts = new Map<string, string>();
      for (const chunk of chunks(ids, AT_ONCE)) {
        const answer = await jmap.run([
          ['Email/get', { ids: chunk, properties: [...PLACE_PROPERTIES, 'subject', 'from', 'to', 'preview'] }],
          ['SealedSummary/get', { ids: chunk, properties: ['id', 'version', 'summary', 'wrapping', 'expiresMs'] }],
        ]);
        if (!answer.ok) break;
        for (const result of answer.value) {
          for (const row of rowsOf(result)) texts.set(row.id, [texts.get(row.id), row.text].filter(Boolean).join('\n'));
        }
      }
      return ids.flatMap((id) => rowOf(id, texts.get(id)));
    },
    async serverMailboxes() {
      const answer = await jmap.run([['Mailbox/get', { ids: null }]]);
      return answer.ok ? answer.value.flatMap(rowsOf) : [];
    },
    async serverLetter(id) {
      const rows = await readLetterRows(jmap, [id], []);
      const blobId = rows.ok ? rows.value.places.get(id)?.blobId : undefined;
      const bytes = blobId === undefined ? undefined : await jmap.download(blobId);
      const shown = bytes?.ok ? bytes.value?.subarray(0, SHOWN_BYTES) : undefined;
      return { id, text: shown ? new TextDecoder('latin1').decode(shown) : '' };
    },
  };
}

function rowOf(id: LetterId, text: string | undefined): readonly ServerRow[] {
  return text === undefined ? [] : [{ id, text }];
}

/** One line of JSON each, as the server writes it. */
function rowsOf(result: Members): readonly ServerRow[] {
  const list: readonly unknown[] = Array.isArray(result['list']) ? result['list'] : [];
  return list.flatMap((one) => {
    const { id } = membersOf(one);
    return typeof id === 'string' ? [{ id, text: JSON.stringify(one) }] : [];
  });
}
