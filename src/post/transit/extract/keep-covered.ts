// Files that a signature in a file of its own covers stay as they are: `a.pdf` beside `a.pdf.p7s` or `a.p7s`, in one letter or archive.

import type { FoundFile } from './extract-files.ts';

/** A signature covers the bytes of the file beside it that bears its name. */
export function keepCovered(all: readonly FoundFile[]): readonly FoundFile[] {
  const signatures = all.filter(({ kind }) => kind === 'p7s');
  const covered = new Set(signatures.map((file) => placed(file, withoutEnding(file.name))));
  return all.map((file) => (isCovered(file, covered) ? { ...file, kept: 'signed' } : file));
}

function isCovered(file: FoundFile, covered: ReadonlySet<string>): boolean {
  if (file.kept !== undefined || file.restOf !== undefined) return false;
  return covered.has(placed(file, file.name)) || covered.has(placed(file, withoutEnding(file.name)));
}

function placed(file: FoundFile, name: string): string {
  return [...file.foundIn, name.toLowerCase()].join('\0');
}

function withoutEnding(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
