// The folder of the sample office: where it lies, what of it is filled, and that nothing but a sample office is ever removed.

import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { programDir, type Config } from '#base/config/read.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { CommandRefusal } from '../command.ts';

const FACTS_FILE = 'demo.json';
const factsShape = v.object({ kind: v.literal('siegel sample office'), chapters: v.array(v.string()) });

export interface DemoFolder {
  readonly path: string;
  readonly dataDir: string;
  readonly kitDir: string;
  /** Names of the chapters that are in it, whole. */
  readonly chapters: readonly string[];
  /** Something is in it, but a filling was broken off. */
  readonly isBroken: boolean;
}

/** Beside package.json; where the data was put elsewhere (a service of the machine, a test), beside that data. */
export function demoFolderPath(config: Pick<Config, 'dataDir'>): string {
  return config.dataDir === join(programDir, 'data') ? join(programDir, 'demo-data') : `${config.dataDir}-demo`;
}

export function readDemoFolder(path: string): Result<DemoFolder, CommandRefusal> {
  const facts = readFacts(path);
  if (facts === undefined && exists(path)) {
    const sentence = `${path} is in the way: it holds no sample office of siegel. Move it aside; nothing was changed.`;
    return err({ kind: 'refused', reason: 'not-a-demo', sentence });
  }
  const dataDir = join(path, 'data');
  const chapters = facts?.chapters ?? [];
  return ok({
    path,
    dataDir,
    kitDir: join(path, 'key-kit'),
    chapters,
    isBroken: chapters.length === 0 && exists(dataDir),
  });
}

/** Removes a sample office; what is no sample office was refused by `readDemoFolder`. */
export function removeDemoFolder({ path }: DemoFolder): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Also marks a new folder as a sample office, before anything is put into it. */
export function writeChapters({ path }: DemoFolder, chapters: readonly string[]): void {
  mkdirSync(path, { recursive: true, mode: 0o755 });
  const facts: v.InferOutput<typeof factsShape> = { kind: 'siegel sample office', chapters: [...chapters] };
  writeFileSync(join(path, FACTS_FILE), `${JSON.stringify(facts)}\n`);
}

function readFacts(path: string): v.InferOutput<typeof factsShape> | undefined {
  try {
    const parsed = v.safeParse(factsShape, JSON.parse(readFileSync(join(path, FACTS_FILE), 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
