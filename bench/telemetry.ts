// The honest counter: how near its figures come to the truth, whether reports can be linked, and how many a collector takes.

import { attack } from '../test/suites/telemetry/attacker.ts';
import { measureAccuracy, SHAPES, type Accuracy } from '../test/suites/telemetry/accuracy.ts';
import { simulate, type Sabotage } from '../test/suites/telemetry/homes.ts';
import { answers, asksAgain, both, transport } from '../test/suites/telemetry/looks.ts';
import { round } from './figures.ts';
import { measureReportsPerSecond } from './telemetry/reports-per-second.ts';

const HOMES = 400;
const WEEKS = 52;
const PAIRS = 40_000;
const PLACES = 10_000;

interface Spread {
  readonly lowest: number;
  readonly highest: number;
}

interface Figure {
  readonly median: number;
  readonly spread: Spread;
}

function figureOf(values: readonly number[]): Figure {
  const rising = values.map((value) => Math.round(value * PLACES) / PLACES).toSorted((a, b) => a - b);
  return {
    median: rising[Math.floor(rising.length / 2)] ?? Number.NaN,
    spread: { lowest: rising[0] ?? Number.NaN, highest: rising.at(-1) ?? Number.NaN },
  };
}

/** Mean over the shapes; `trials` of each, in groups that show how far the figure itself spreads. */
function accuracyAt(homes: number, trials: number, groups: number) {
  const rounds = Array.from({ length: groups }, (_, group) =>
    Object.entries(SHAPES).map(
      ([name, shape]) => [name, measureAccuracy({ shape, homes, trials, start: group * trials })] as const,
    ),
  );
  const mean = (part: keyof Accuracy, named?: string): number => {
    const values = rounds.flat().filter(([name]) => named === undefined || name === named);
    return round(values.reduce((sum, [, accuracy]) => sum + accuracy[part], 0) / values.length);
  };
  const errors = rounds.map((shapes) => shapes.reduce((sum, [, { errorPp }]) => sum + errorPp, 0) / shapes.length);
  return {
    errorPp: mean('errorPp'),
    figure: figureOf(errors),
    more: {
      errorPpByShape: Object.fromEntries(Object.keys(SHAPES).map((name) => [name, mean('errorPp', name)])),
      errorPpRaw: mean('errorPpRaw'),
      halfBarPp: mean('barPp'),
      coversPercent: mean('covers'),
      coversHousesPercent: mean('coversHouses'),
    },
  };
}

/** Each round other homes, half to learn from, half to be tried on. */
function linking(rounds: number) {
  const worlds = Array.from({ length: rounds }, (_, nth) => {
    const reports = simulate({ homes: HOMES, weeks: WEEKS, from: nth * HOMES });
    return {
      transport: attack(reports, { look: transport, pairs: PAIRS }),
      answers: attack(reports, { look: answers, pairs: PAIRS }),
      both: attack(reports, { look: both, pairs: PAIRS }),
      sameQuestion: attack(reports, { look: answers, pairs: PAIRS / 4, isWanted: asksAgain }),
    };
  });
  const areaOf = (part: 'transport' | 'answers' | 'both' | 'sameQuestion'): Figure =>
    figureOf(worlds.map((areas) => areas[part]));
  return {
    transport: areaOf('transport'),
    answers: areaOf('answers'),
    both: areaOf('both'),
    sameQuestion: areaOf('sameQuestion'),
  };
}

/** The same attacker on homes that leave a mark. */
function twins() {
  const areaOf = (sabotage: Sabotage): number =>
    figureOf([attack(simulate({ homes: HOMES / 2, weeks: WEEKS / 2, ...sabotage }), { look: transport, pairs: PAIRS / 2 })]).median; // prettier-ignore
  const minuteMs = 60_000;
  return {
    byteInPadding: areaOf({
      mark: (home, { plain }) => {
        plain[plain.length - 1] = 1 + (home % 255);
      },
    }),
    withoutRelay: areaOf({ isDirect: true }),
    clocksHoursWrong: areaOf({ clockErrorMs: (home) => ((home % 13) - 6) * 60 * minuteMs }),
    clocksMinutesWrong: areaOf({ clockErrorMs: (home) => ((home % 13) - 6) * minuteMs }),
  };
}

/** `--quick`: fewer trials. The collector first, while nothing else has warmed the machine. */
export async function run(flags: readonly string[]): Promise<unknown> {
  const part = flags.includes('--quick') ? 4 : 1;
  const taken = await measureReportsPerSecond(part === 1 ? undefined : 6_000);
  const at100 = accuracyAt(100, 1_000 / part, 5);
  const at1000 = accuracyAt(1_000, 100 / part, 5);
  const at10000 = accuracyAt(10_000, 12 / part, 5);
  const areas = linking(part === 1 ? 5 : 2);
  return {
    errorPp100: at100.errorPp,
    errorPp1000: at1000.errorPp,
    errorPp10000: at10000.errorPp,
    aucTransport: areas.transport.median,
    aucAnswers: areas.answers.median,
    aucBoth: areas.both.median,
    reportsPerSecond: taken.reportsPerSecond,
    spread: {
      errorPp100: at100.figure.spread,
      errorPp1000: at1000.figure.spread,
      errorPp10000: at10000.figure.spread,
      aucTransport: areas.transport.spread,
      aucAnswers: areas.answers.spread,
      aucBoth: areas.both.spread,
      reportsPerSecond: { lowest: Math.min(...taken.seconds), highest: Math.max(...taken.seconds) },
    },
    at100: at100.more,
    at1000: at1000.more,
    at10000: at10000.more,
    aucAnswersSameQuestion: areas.sameQuestion,
    aucTwins: twins(),
    collector: { connections: taken.connections, isPinned: taken.isPinned },
  };
}
