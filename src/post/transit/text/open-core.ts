// Starts tesseract's WASM core in this very process, with its language data in its own memory: no worker thread, no cache, no network.

import { gunzipSync } from 'node:zlib';
import type { BaseApi, Core } from 'tesseract.js-core/tesseract-core-simd-lstm.js';

/** What the reader knows of a language: tesseract's `traineddata`, gzipped, as whoever starts this process read it. */
export interface Model {
  readonly language: 'deu' | 'fra';
  readonly packed: Uint8Array;
}

export interface OpenCore {
  readonly core: Core;
  readonly api: BaseApi;
}

const LSTM_ONLY = 1;
/** A module of one function that multiplies and adds in the relaxed way; valid only where the engine knows it (WebAssembly 3.0, relaxed SIMD). */
const RELAXED_SIMD = Buffer.from('0061736d010000000105016000017b030201000a0f010d004101fd0f4102fd0ffd80020b', 'hex');

/** Throws when a model cannot be unpacked or the core does not take it: that is a broken installation. */
export async function openCore(
  models: readonly Model[],
  settings: Readonly<Record<string, string>>,
): Promise<OpenCore> {
  const { default: load } = WebAssembly.validate(RELAXED_SIMD)
    ? await import('tesseract.js-core/tesseract-core-relaxedsimd-lstm.js')
    : await import('tesseract.js-core/tesseract-core-simd-lstm.js');
  // What the core would print may name what it reads.
  const silent = (): void => undefined;
  const core = await load({ print: silent, printErr: silent });
  for (const { language, packed } of models) core.FS.writeFile(fileOf(language), gunzipSync(packed));
  core.FS.writeFile(
    '/settings',
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  const api = new core.TessBaseAPI();
  const languages = models.map(({ language }) => language);
  if (api.Init(null, languages.join('+'), LSTM_ONLY, '/settings') !== 0)
    throw new Error('the reading core does not start');
  for (const language of languages) core.FS.unlink(fileOf(language));
  return { core, api };
}

function fileOf(language: string): string {
  return `./${language}.traineddata`;
}
