// The two-way tables of the report, small numbers left out.

import { hiddenKinds, type Bands } from './figures.ts';
import { computedBack, type LinkedTables } from './linked-tables.ts';
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

/** Which tables are left out together, until no small cell follows from those that stay: the fewest, what is asked most stays longest. */
const leftOutTogether: readonly (readonly TableId[])[] = [
  [],
  ['channel-outcome'],
  ['kind-outcome'],
  ['kind-channel'],
  ['channel-outcome', 'kind-outcome'],
  ['channel-outcome', 'kind-channel'],
  ['kind-outcome', 'kind-channel'],
  ['channel-outcome', 'kind-outcome', 'kind-channel'],
];

export function tablesOf(count: YearCount, interceptions: Bands): Tables {
  const given = tablesAlone(count, interceptions);
  const smallIn = (ids: readonly TableId[]) => [
    ...computedBack({ ...given, tables: leaveOut(given.tables, ids) }).keys(),
  ];
  // what the margins alone say is no secret of the tables
  const bySums = smallIn(tableIds);
  const ids = leftOutTogether.find((choice) => smallIn(choice).every((cell) => bySums.includes(cell)));
  return leaveOut(given.tables, ids ?? tableIds);
}

/** Each safe by itself. */
export function tablesAlone(count: YearCount, interceptions: Bands): LinkedTables {
  const hidden = hiddenKinds(count, interceptions);
  const kind = new Map([...count.kind].filter(([word]) => !hidden.includes(word)));
  const { channel, outcome, origin } = count;
  return {
    tables: {
      'kind-channel': tableOf(count.kindChannel, kind, channel),
      'kind-outcome': tableOf(count.kindOutcome, kind, outcome),
      'origin-kind': tableOf(count.originKind, origin, kind),
      'channel-outcome': tableOf(count.channelOutcome, channel, outcome),
    },
    margins: { kind, channel, outcome, origin },
    isOneKind: hidden.length === 0 && [...kind.values()].reduce((sum, part) => sum + part, 0) === count.total,
  };
}

function leaveOut(tables: Tables, ids: readonly TableId[]): Tables {
  const of = (id: TableId): Table =>
    ids.includes(id) ? { ...tables[id], cells: null, rounding: 'leftOut' } : tables[id];
  return {
    'kind-channel': of('kind-channel'),
    'kind-outcome': of('kind-outcome'),
    'origin-kind': of('origin-kind'),
    'channel-outcome': of('channel-outcome'),
  };
}

/** Rows and columns as the margins name them. */
function tableOf(cross: Cross, rowSums: Tally, columnSums: Tally): Table {
  const [rows, columns] = [[...rowSums.keys()], [...columnSums.keys()]];
  const cells = rows.map((row) => columns.map((column) => cross.get(row)?.get(column) ?? 0));
  const shown = suppress({ cells, rowCaps: [...rowSums.values()], columnCaps: [...columnSums.values()] });
  return { rows, columns, cells: shown ?? null, definition: 'table', rounding: shown ? 'exact' : 'leftOut' };
}
