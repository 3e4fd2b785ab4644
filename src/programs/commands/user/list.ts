// `siegel user list`: letters by date, sender and subject, opened here.

import { err, ok } from '#base/result.ts';
import type { ListRow } from '#web/backend.ts';
import { listRow } from '#web/client/letter-row.ts';
import { readLetterRows } from '#web/client/mail-reads.ts';
import type { Run } from '../../command.ts';
import { chooseLetters } from './choose-letters.ts';
import { refusedChange } from './sentences.ts';
import { whileSignedIn } from './signed-in.ts';

const COUNT = 50;

export const run: Run = (call) =>
  whileSignedIn(call, async (of) => {
    const count = call.options['limit'] === undefined ? COUNT : Number(call.options['limit']);
    if (!Number.isSafeInteger(count) || count < 1) {
      return err({ kind: 'misused', sentence: '--limit must be a number of letters.' });
    }
    const chosen = await chooseLetters(of);
    if (!chosen.ok) return chosen;
    const ids = chosen.value.slice(0, count);
    const read = await readLetterRows(of.session.jmap, ids, ids);
    if (!read.ok) return refusedChange(read.error);
    const rows: ListRow[] = [];
    for (const id of ids) {
      const place = read.value.places.get(id);
      const sealed = read.value.summaries.get(id);
      if (place && sealed) rows.push(listRow(place, await of.session.summaries.open(sealed)));
    }
    return ok({
      json: { total: chosen.value.length, letters: rows },
      text: rows.length === 0 ? 'No letters.' : rows.map(lineOf).join('\n'),
    });
  });

function lineOf(row: ListRow): string {
  const when = new Date(row.receivedMs).toISOString().slice(0, 16).replace('T', ' ');
  const [from] = row.from;
  const who = from ? from.name || from.address : '';
  const what = row.altered ? '(altered in storage)' : row.subject;
  return `${row.id}  ${when}  ${oneLine(who).padEnd(24).slice(0, 24)}  ${oneLine(what)}`;
}

/** A subject must not move the cursor of a terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
