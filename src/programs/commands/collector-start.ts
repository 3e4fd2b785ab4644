// `siegel collector start`: takes sealed reports and publishes what they say, until it is stopped.

export { runCollector as run } from '../collector/run-collector.ts';
