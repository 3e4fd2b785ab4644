// The two-way tables of the report, small numbers left out.

import { hiddenKinds, type Bands } from './figures.ts';
import { suppress, type Shown } from './suppress.ts';
import type { Cross, Tally, YearCount } from './count-year.ts';
import type { DefinitionId } from './definitions.ts';
import type { RoundingId } from './figure.ts';

export const tableIds = ['kind-channel', 'kind-outcome', 'origin-kind', 'channel-outcome'] as const;
export type TableId = (typeof tableIds)[number];

/** The margins are the figures `<rows>.WORD` and `<columns>.WORD`; a request with several kinds stands in several cells. */
export interface Table {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Null in place of a cell: left out. Null for all: the margins alone would say a small number. */
  readonly cells: Shown | null;
  readonly definition: DefinitionId;
  readonly rounding: RoundingId;
}
export type Tables = Readonly<Record<TableId, Table>>;

export function tablesOf(count: YearCount, interceptions: Bands): Tables {
  const hidden = hiddenKinds(count, interceptions);
  const kinds = new Map([...count.kind].filter(([word]) => !hidden.includes(word)));
  const { channel, outcome, origin } = count;
  return {
    'kind-channel': tableOf(count.kindChannel, kinds, channel),
    'kind-outcome': tableOf(count.kindOutcome, kinds, outcome),
    'origin-kind': tableOf(count.originKind, origin, kinds),
    'channel-outcome': tableOf(count.channelOutcome, channel, outcome),
  };
}

/** Rows and columns as the margins name them. */
function tableOf(cross: Cross, rowSums: Tally, columnSums: Tally): Table {
  const [rows, columns] = [[...rowSums.keys()], [...columnSums.keys()]];
  const cells = rows.map((row) => columns.map((column) => cross.get(row)?.get(column) ?? 0));
  const shown = suppress({ cells, rowCaps: [...rowSums.values()], columnCaps: [...columnSums.values()] });
  return { rows, columns, cells: shown ?? null, definition: 'table', rounding: shown ? 'exact' : 'leftOut' };
}
