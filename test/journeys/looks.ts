// Themes and widths a page is looked at: all six in the long form (npm run soak), each theme and each width once in the short one.

const long = process.env['SIEGEL_LONG'] === '1';

export interface Look {
  readonly theme: 'light' | 'dark';
  readonly width: number;
}

const short: readonly Look[] = [
  { theme: 'dark', width: 390 },
  { theme: 'light', width: 1440 },
  { theme: 'light', width: 900 },
];

const others: readonly Look[] = [
  { theme: 'light', width: 390 },
  { theme: 'dark', width: 900 },
  { theme: 'dark', width: 1440 },
];

/** The first `count` of the short form are taken where one look takes long. */
export function looks(count = short.length): readonly Look[] {
  return long ? [...short, ...others] : short.slice(0, count);
}
