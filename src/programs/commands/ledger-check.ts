// `siegel ledger check`: whether the database holds exactly the letters that the journal says, and which differ.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import type { ResultOf } from '../operator-methods.ts';

const LINES_MAX = 40;

export const run: Run = (call) => {
  const account = call.options['account'];
  return ask(
    call,
    'ledger.check',
    { deep: call.switches.has('deep'), ...(account !== undefined && { account }) },
    (found) => ({ json: found, text: describe(found), isBad: !found.isEqual }),
  );
};

function describe(found: ResultOf<'ledger.check'>): string {
  const { isEqual, record, accounts, letters, places, rows } = found;
  const head = `${letters} letters of ${accounts} accounts in ${places} places, compared with the journal at record ${record}.`;
  if (isEqual)
    return `${head}\nEqual: nothing is missing, doubled or in the wrong place.\nletters ${rows.letters}\nplaces  ${rows.places}`;
  const lines = [
    ...found.differing.map(
      (one) =>
        `${one.address ?? one.account} ${one.mailbox === undefined ? 'all letters' : `mailbox ${one.mailbox}`}: ${one.rows} in the database, ${one.journal} in the journal`,
    ),
    ...found.named.map(
      (one) =>
        `  ${one.what} ${one.letter}${one.mailbox === undefined ? '' : ` in mailbox ${one.mailbox}`} (${one.address ?? one.account})`,
    ),
  ];
  const shown = lines.slice(0, LINES_MAX);
  if (lines.length > shown.length) shown.push(`… and ${lines.length - shown.length} more lines; --json shows all.`);
  if (found.wrongElements > 0)
    shown.push(
      `${found.wrongElements} letters carry a sum that the key kit does not make: is it the kit of this house?`,
    );
  const advice =
    'No letter is lost while the journal has it. Bring the rows back from it: siegel database rebuild --apply';
  return [head, 'Not equal:', ...shown, advice].join('\n');
}
