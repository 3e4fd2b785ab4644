// The tree as the tidy rules see it: each file with its text, its code without comments, and its imports.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { blank } from './blank.ts';

export interface Import {
  /** As written: './x.ts', '#vault/x.ts', 'node:fs', 'pg'. */
  readonly written: string;
  /** Path in the tree for imports of ours; undefined for packages and the platform. */
  readonly file: string | undefined;
  readonly line: number;
  readonly isTypeOnly: boolean;
}

export interface SourceFile {
  /** From the root of the project, with slashes. */
  readonly path: string;
  readonly text: string;
  /** The text with comments blanked out, of the same length. */
  readonly code: string;
  /** Comments and the contents of strings blanked out. */
  readonly bare: string;
  readonly imports: readonly Import[];
}

export interface SourceTree {
  readonly files: readonly SourceFile[];
  /** Every folder that holds something, from the root of the project. */
  readonly folders: readonly string[];
}

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly what: string;
}

const READ_FOLDERS = ['src', 'test', 'tools', 'bench', 'docs'];
const IGNORED = /(^|\/)(node_modules|dist|out|screenshots|generated)(\/|$)/;
const SCRIPT = /\.(ts|tsx|mjs)$/;
const IMPORT =
  /\b(?:import|export)\s+(?<type>type\s)?(?:[^'"`;]*?\sfrom\s*)?['"](?<stated>[^'"\n]+)['"]|\bimport\s*\(\s*['"](?<called>[^'"\n]+)['"]/g;

/** Reads the project's own text files below `root`. */
export function readTree(root: string): SourceTree {
  const top = readdirSync(root, { withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.(md|ts|mjs)$/.test(entry.name),
  );
  const below = READ_FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  const paths = [...top.map(({ name }) => name), ...below].filter(
    (path) => !IGNORED.test(path) && /\.(ts|tsx|mjs|sql|md|css)$/.test(path),
  );
  return treeOf(Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])));
}

/** A tree of texts by path: the real one, or one planted by a test. */
export function treeOf(texts: Readonly<Record<string, string>>): SourceTree {
  const files = Object.entries(texts).map(([path, text]) => sourceFile(path, text));
  const folders = new Set<string>();
  for (const { path } of files) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  return { files, folders: [...folders].toSorted() };
}

function sourceFile(path: string, text: string): SourceFile {
  if (!SCRIPT.test(path)) return { path, text, code: text, bare: text, imports: [] };
  const { code, bare } = blank(text);
  return { path, text, code, bare, imports: readImports(path, code, bare) };
}

function readImports(path: string, code: string, bare: string): readonly Import[] {
  const imports: Import[] = [];
  for (const match of code.matchAll(IMPORT)) {
    // The word itself must be code: a test's planted text has its imports inside strings.
    if (!/^(import|export)/.test(bare.slice(match.index))) continue;
    const written = match.groups?.['stated'] ?? match.groups?.['called'] ?? '';
    const isTypeOnly = match.groups?.['type'] !== undefined;
    imports.push({ written, file: resolve(path, written), line: lineAt(code, match.index), isTypeOnly });
  }
  return imports;
}

function resolve(from: string, written: string): string | undefined {
  if (written.startsWith('#')) return `src/${written.slice(1)}`;
  return written.startsWith('.') ? normalize(join(dirname(from), written)) : undefined;
}

export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.startsWith('test/') || /(^|\/)test-[a-z-]+\.ts$/.test(path);
}

export function isScript(path: string): boolean {
  return SCRIPT.test(path);
}

/** Each place in `text` (code or bare, of the same length as the file) where the pattern stands. */
export function findAll(file: SourceFile, text: string, pattern: RegExp, what: string): readonly Violation[] {
  return [...text.matchAll(new RegExp(pattern, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`))].map(
    (match) => ({
      path: file.path,
      line: lineAt(text, match.index),
      what,
    }),
  );
}
