// For tests: what qpdf says of a file.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Undefined when it is not installed. */
export function checkWithQpdf(pdf: Uint8Array): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-qpdf-'));
  try {
    writeFileSync(join(folder, 'x.pdf'), pdf);
    const ran = spawnSync('qpdf', ['--check', join(folder, 'x.pdf')], { encoding: 'utf8' });
    return ran.error ? undefined : ran.stdout + ran.stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
