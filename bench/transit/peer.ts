// The other side of the bench: Debian's OCRmyPDF with the options a careful office would choose, and pdftotext as the reader of both.

import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { runOnCores } from './run-on-cores.ts';

export interface PeerRun {
  readonly seconds: number;
  readonly bytes: number;
}

/** A photo names no resolution: 300 is what OCRmyPDF's manual tells people to say then. */
export async function runPeer(cores: readonly number[], input: string, result: string): Promise<PeerRun> {
  const picture = input.endsWith('.pdf') ? [] : ['--image-dpi', '300'];
  const options = ['-l', 'deu', '-O3', '--deskew', '--clean', '--jobs', String(cores.length), '-q', ...picture];
  const { seconds, code } = await runOnCores(cores, 'ocrmypdf', [...options, input, result]);
  if (code !== 0) throw new Error(`ocrmypdf ended with ${code}`);
  return { seconds, bytes: (await stat(result)).size };
}

/** With what it starts for those options: without one of them it ends before it begins. */
export async function hasPeer(): Promise<boolean> {
  const versions = await Promise.all(['ocrmypdf', 'unpaper', 'pngquant'].map((command) => versionOf(command)));
  return versions.every((version) => version !== undefined);
}

/** The text of a PDF as pdftotext puts it in order. */
export async function textOfPdf(path: string): Promise<string> {
  return await say('pdftotext', ['-enc', 'UTF-8', path, '-']);
}

/** First line of what it says about itself; undefined: it is not installed. */
export async function versionOf(command: string, flag = '--version'): Promise<string | undefined> {
  try {
    return (await say(command, [flag])).split('\n')[0]?.trim();
  } catch {
    return undefined;
  }
}

async function say(command: string, parameters: readonly string[]): Promise<string> {
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
