// Bounds of the honest counter: the house that reports, the relay, the collector. Part of limits.ts.

const KIB = 1024;

export const telemetryLimits = {
  telemetry: {
    lookMs: 60_000, // at least so often: clocks are set, machines sleep
    sendWaitMs: 20_000,
    cardBytes: 16 * KIB,
    bodyBytes: 1 * KIB, // of a choice
  },
  collector: {
    rememberedMax: 1_000_000, // reports of the days that are still taken: about 100 bytes each
    waitingMax: 4_096, // for the disk
    lookMs: 60_000, // whether a quarter is over
  },
  reportDoor: {
    headerWaitMs: 10_000,
    requestWaitMs: 15_000, // a whole report of some hundred bytes
    keepAliveMs: 30_000,
    lookMs: 1_000, // for those that are too slow
    headerBytes: 8 * KIB,
    connectionsMax: 1_024,
    closeWaitMs: 5_000,
  },
  relay: {
    perAddress: 30, // in the window: a house sends one report a week
    windowMs: 3_600_000,
    addressesMax: 100_000,
    atOnce: 64,
    waitMs: 10_000, // for the collector
  },
} as const;
