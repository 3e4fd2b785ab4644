// The other side of the bench: Debian's OCRmyPDF with the options a careful office would choose, and pdftotext as the reader of both.

import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

export interface Ran {
  readonly seconds: number;
  readonly code: number;
}

/** `cores`: the processor numbers that the command and all its children may use. */
export async function runOnCores(cores: readonly number[], command: string, parameters: readonly string[]): Promise<Ran> {
  const started = performance.now();
  const child = spawn('taskset', ['-c', cores.join(','), command, ...parameters], { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? -1));
  });
  return { seconds: (performance.now() - started) / 1000, code };
}

/** A photo names no resolution: 300 is what OCRmyPDF's manual tells people to say then. */
export async function runPeer(cores: readonly number[], input: string, output: string): Promise<{ readonly seconds: number; readonly bytes: number }> {
  const picture = input.endsWith('.pdf') ? [] : ['--image-dpi', '300'];
  const options = ['-l', 'deu', '-O3', '--deskew', '--clean', '--jobs', String(cores.length), '-q', ...picture];
  const { seconds, code } = await runOnCores(cores, 'ocrmypdf', [...options, input, output]);
  if (code !== 0) throw new Error(`ocrmypdf ended with ${code}`);
  return { seconds, bytes: (await readFile(output)).length };
}

/** The text of a PDF as pdftotext puts it in order. */
export async function textOfPdf(path: string): Promise<string> {
  return await output('pdftotext', ['-enc', 'UTF-8', path, '-']);
}

/** First line of what it says about itself; undefined: it is not installed. */
export async function versionOf(command: string, flag = '--version'): Promise<string | undefined> {
  try {
    return (await output(command, [flag])).split('\n')[0]?.trim();
  } catch {
    return undefined;
  }
}

async function output(command: string, parameters: readonly string[]): Promise<string> {
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  return Buffer.concat(chunks).toString('utf8');
}
