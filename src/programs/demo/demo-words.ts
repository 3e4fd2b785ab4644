// What the program that fills the office and the program that serves it tell each other, over the channel between parent and child.

import * as v from 'valibot';

/** Handed to the child as its one argument. */
export const orderShape = v.object({
  /** Options by name, as on a command line. */
  flags: v.record(v.string(), v.string()),
  /** The time it begins at; without it the machine's own. */
  startMs: v.optional(v.number()),
  isFilled: v.boolean(),
});
export type DemoOrder = v.InferOutput<typeof orderShape>;

/** To the child. */
export const askShape = v.variant('kind', [
  v.object({ kind: v.literal('move-clock'), timeMs: v.optional(v.number()) }),
  v.object({ kind: v.literal('filled') }),
]);
export type DemoAsk = v.InferOutput<typeof askShape>;

/** From the child; `done` answers each question, in their order. */
export const tellShape = v.variant('kind', [
  v.object({ kind: v.literal('ready'), url: v.string(), smtp: v.string(), warnings: v.array(v.string()) }),
  v.object({ kind: v.literal('refused'), reason: v.string(), sentence: v.string() }),
  v.object({ kind: v.literal('done') }),
]);
export type DemoTell = v.InferOutput<typeof tellShape>;

/** Handed to the child that collects figures: options by name. */
export const figuresOrderShape = v.object({
  collector: v.record(v.string(), v.string()),
  relay: v.record(v.string(), v.string()),
});
export type FiguresOrder = v.InferOutput<typeof figuresOrderShape>;

/** From that child, once. `without`: the office opens all the same. */
export const figuresTellShape = v.variant('kind', [
  v.object({ kind: v.literal('ready'), url: v.string(), relay: v.string(), card: v.string() }),
  v.object({ kind: v.literal('without') }),
]);
export type FiguresTell = v.InferOutput<typeof figuresTellShape>;
