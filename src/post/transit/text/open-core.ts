// Starts tesseract's WASM core in this very process, with its language data in its own memory: no worker thread, no cache, no network.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import eng from '@tesseract.js-data/eng';
import cache from 'tesseract.js/src/worker-script/node/cache.js';
import type { BaseApi, Core } from 'tesseract.js-core/tesseract-core-simd-lstm.js';

export type Language = 'deu' | 'eng';

export interface OpenCore {
  readonly core: Core;
  readonly api: BaseApi;
}

/** German is our own small network, see models/README.md; others are npm's best one in whole numbers. */
const DATA: Readonly<Record<Language, string>> = {
  deu: fileURLToPath(new URL('models/deu.traineddata.gz', import.meta.url)),
  eng: join(dirname(eng.langPath), '4.0.0_best_int', 'eng.traineddata.gz'),
};
const LSTM_ONLY = 1;
/** A module of one function that multiplies and adds in the relaxed way; valid only where the engine knows it (WebAssembly 3.0, relaxed SIMD). */
const RELAXED_SIMD = Buffer.from('0061736d010000000105016000017b030201000a0f010d004101fd0f4102fd0ffd80020b', 'hex');

/** Throws when the packed data cannot be had: that is a broken installation. */
export async function openCore(
  languages: readonly Language[],
  settings: Readonly<Record<string, string>>,
): Promise<OpenCore> {
  const { default: load } = WebAssembly.validate(RELAXED_SIMD)
    ? await import('tesseract.js-core/tesseract-core-relaxedsimd-lstm.js')
    : await import('tesseract.js-core/tesseract-core-simd-lstm.js');
  // What the core would print may name what it reads.
  const silent = (): void => undefined;
  const [core, ...data] = await Promise.all([load({ print: silent, printErr: silent }), ...languages.map(readData)]);
  data.forEach((bytes, index) => core.FS.writeFile(`./${languages[index] ?? ''}.traineddata`, bytes));
  core.FS.writeFile(
    '/settings',
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  const api = new core.TessBaseAPI();
  if (api.Init(null, languages.join('+'), LSTM_ONLY, '/settings') !== 0)
    throw new Error('the reading core does not start');
  for (const language of languages) core.FS.unlink(`./${language}.traineddata`);
  return { core, api };
}

/** Read by the library's own reader: this room has no hand on files. */
async function readData(language: Language): Promise<Uint8Array> {
  return gunzipSync(await cache.readCache(DATA[language]));
}
