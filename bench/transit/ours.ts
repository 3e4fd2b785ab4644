// Our side of the bench: the command that a person would type, on as many cores as it is given.

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runOnCores } from './run-on-cores.ts';

const SIEGEL = new URL('../../siegel', import.meta.url).pathname;

interface ReportedFile {
  readonly oldName: string;
  readonly newName: string;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly kept: string | undefined;
}

export interface Returned extends ReportedFile {
  readonly path: string;
  /** Of the file that lies there, not of what the report says. */
  readonly bytes: number;
}

export interface OurRun {
  readonly seconds: number;
  readonly files: readonly Returned[];
}

/** `out` must not exist yet. */
export async function runOurs(
  cores: readonly number[],
  inputs: readonly string[],
  way: { readonly out: string; readonly profile: 'balanced' | 'g4' },
): Promise<OurRun> {
  const parameters = ['transit', 'optimise', ...inputs, '--out', way.out, '--profile', way.profile, '--json'];
  const { seconds, code, output } = await runOnCores(cores, SIEGEL, parameters);
  if (code !== 0) throw new Error(`siegel transit optimise ended with ${code}: ${output.slice(0, 400)}`);
  const files = await Promise.all(
    reported(output).map(async (file) => {
      const path = join(way.out, file.newName);
      return { ...file, path, bytes: (await stat(path)).size };
    }),
  );
  return { seconds, files };
}

function reported(output: string): readonly ReportedFile[] {
  const report: { readonly files?: readonly ReportedFile[] } = JSON.parse(output);
  if (!report.files) throw new Error('the report of siegel transit optimise names no files');
  return report.files;
}
