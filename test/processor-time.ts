// Processor time of this process: unlike time on the wall it does not grow when the machine has other things to do.

/** Milliseconds since it began, all its threads together. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
