// `siegel relay start`: passes sealed reports on to one collector, until it is stopped.

export { runRelay as run } from '../collector/run-relay.ts';
