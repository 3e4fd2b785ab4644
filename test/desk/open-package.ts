// A package of the desk as its recipient opens it: gpg takes the seal off, tar shows the files; and an audit of its own of what stands in it.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kind } from '#formats/desk/model.ts';
import { disclosureMatrix } from '#office/desk/fulfil/disclosure-matrix.ts';

export interface PackageItem {
  readonly item: number;
  readonly kind: Kind;
  readonly target: string;
  readonly isHeld: boolean;
  readonly data: unknown;
}

export interface PackageContents {
  readonly what: string;
  readonly filing: string;
  readonly recipient: string;
  readonly items: readonly PackageItem[];
}

export interface OpenedPackage {
  readonly contents: PackageContents;
  /** Name → bytes, without contents.json. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** With the tar of this machine: it must be able to read it. */
export function unpack(archive: Uint8Array): OpenedPackage {
  const folder = mkdtempSync(join(tmpdir(), 'sgl-package-'));
  try {
    const path = join(folder, 'package.tar');
    writeFileSync(path, archive);
    execFileSync('tar', ['-x', '-f', path, '-C', folder, '--no-same-owner']);
    const files = new Map<string, Buffer>();
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (name === 'package.tar' || name === 'contents.json') continue;
      const bytes = readIfFile(join(folder, name));
      if (bytes !== undefined) files.set(name, bytes);
    }
    const contents = JSON.parse(readFileSync(join(folder, 'contents.json'), 'utf8')) as PackageContents;
    return { contents, files };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readIfFile(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined; // a folder
  }
}

/** What is handed over and not in the matrix, and what the matrix names and is not there. Walks on its own. */
export function auditPackage({ contents, files }: OpenedPackage): readonly string[] {
  const found: string[] = [];
  const named = new Set<string>();
  for (const { kind, isHeld, data } of contents.items) {
    const paths = new Set<string>();
    walk(data, [], paths);
    const allowed: readonly string[] = disclosureMatrix[kind].fields.map(({ name }) => name);
    if (!isHeld && data !== null) found.push(`${kind} is not held and has data`);
    if (!isHeld) continue;
    found.push(...[...paths].filter((path) => !allowed.includes(path)).map((path) => `more: ${kind}.${path}`));
    found.push(...allowed.filter((path) => !paths.has(path)).map((path) => `less: ${kind}.${path}`));
    for (const { file } of (data as { readonly letters?: readonly { readonly file: string }[] }).letters ?? [])
      named.add(file);
  }
  found.push(...[...files.keys()].filter((name) => !named.has(name)).map((name) => `more: file ${name}`));
  found.push(...[...named].filter((name) => !files.has(name)).map((name) => `less: file ${name}`));
  const members = Object.keys(contents).toSorted().join();
  if (members !== 'collectedAt,filing,items,recipient,what') found.push(`other members: ${members}`);
  return found;
}

function walk(value: unknown, path: readonly string[], paths: Set<string>): void {
  if (Array.isArray(value)) {
    if (value.length === 0) paths.add(path.join('.'));
    for (const one of value) walk(one, path, paths);
  } else if (typeof value === 'object' && value !== null) {
    if (Object.keys(value).length === 0) paths.add(path.join('.'));
    for (const [name, one] of Object.entries(value)) walk(one, [...path, name], paths);
  } else {
    paths.add(path.join('.'));
  }
}
