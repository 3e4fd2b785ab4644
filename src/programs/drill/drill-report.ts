// What a drill says of each replay and of all, and when one has passed.

export interface ReplayReport {
  readonly id: string;
  readonly attempted: string;
  readonly stoppedBy: string;
  readonly lettersLost: number;
  readonly lettersDoubled: number;
  readonly lettersBroken: number;
  readonly seconds: number;
  /** The same with the safeguard off lost, doubled or broke something: the replay can fail. */
  readonly sabotageFailed: boolean;
  /** What the sabotaged attempt went without, and what that cost. */
  readonly sabotage: {
    readonly without: string;
    readonly lost: number;
    readonly doubled: number;
    readonly broken: number;
  };
  /** Why the replay itself could not be carried through; then it counts as not passed. */
  readonly trouble?: string;
}

export interface DrillReport {
  readonly passed: boolean;
  readonly form: 'short' | 'full';
  readonly startedMs: number;
  readonly seconds: number;
  readonly replays: readonly ReplayReport[];
}

export function hasPassed(report: ReplayReport): boolean {
  const { lettersLost, lettersDoubled, lettersBroken, sabotageFailed, trouble } = report;
  return lettersLost + lettersDoubled + lettersBroken === 0 && sabotageFailed && trouble === undefined;
}
