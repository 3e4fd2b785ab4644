// What a tidy rule is: a sentence, a way to find what breaks it, and a planted breach that it must find.

import type { SourceTree, Violation } from './source-tree.ts';

export interface Rule {
  /** The rule as a sentence; it is the name of its test. */
  readonly name: string;
  readonly find: (tree: SourceTree) => readonly Violation[];
  /** Trees that break the rule, each as texts by path: every one must be found. */
  readonly planted: readonly Readonly<Record<string, string>>[];
  /** Trees that come close and keep it: none may be found. */
  readonly allowed?: readonly Readonly<Record<string, string>>[];
}
