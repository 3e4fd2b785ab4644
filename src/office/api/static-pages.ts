// The page's documents and assets, read once from dist/ into memory: nothing outside the built list can be asked for.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { assetHeaders, documentHeaders, findPageRoute, pageHeaders, type PageAsset } from './page-headers.ts';
import { problem } from './problem.ts';

const manifestShape = v.object({
  assets: v.array(
    v.object({ path: v.string(), type: v.string(), sizeBytes: v.number(), gzipBytes: v.optional(v.number()) }),
  ),
});

export interface StaticPages {
  /** The answer for a path; 404 for everything that was not built. */
  find(path: string, acceptEncoding: string): Response;
  /** A built frame that documents without script are put into. */
  readonly frame: string | undefined;
  /** False when the page has not been built: `/` then says how. */
  readonly isBuilt: boolean;
}

interface Kept {
  readonly headers: Readonly<Record<string, string>>;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer> | undefined;
}

const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>Siegel</title>
<h1>Siegel is running.</h1><p>The page is not built. Run <code>npm run build</code> and start again.</p>`;

/** Reads what `npm run build` made. A missing dist/ is no error: mail goes on without the page. */
export async function openStaticPages(distDir: string): Promise<StaticPages> {
  const manifest = await readManifest(distDir);
  const kept = new Map<string, Kept>();
  for (const asset of manifest ?? []) kept.set(`/${asset.path}`, await keepAsset(distDir, asset));
  const documents = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const name of ['sign-in.html', 'mail.html', 'check.html', 'transit.html', 'authorities.html']) {
    const bytes = await readFile(join(distDir, name)).catch(() => undefined);
    if (bytes) documents.set(name, new Uint8Array(bytes));
  }
  const frame = await readFile(join(distDir, 'plain.html'), 'utf8').catch(() => undefined);
  return {
    frame,
    isBuilt: documents.size > 0,
    find(path, acceptEncoding) {
      const asset = kept.get(path);
      if (asset) return answerAsset(asset, acceptEncoding);
      const route = findPageRoute(path);
      if (!route) return problem('notFound');
      const document = documents.get(route.document);
      const headers = documentHeaders(route);
      return document ? new Response(document, { headers }) : new Response(NOT_BUILT, { headers });
    },
  };
}

async function readManifest(distDir: string): Promise<readonly PageAsset[] | undefined> {
  try {
    const parsed = v.safeParse(manifestShape, JSON.parse(await readFile(join(distDir, 'manifest.json'), 'utf8')));
    return parsed.success ? parsed.output.assets.map(withoutUndefined) : undefined;
  } catch {
    return undefined;
  }
}

function withoutUndefined(asset: v.InferOutput<typeof manifestShape>['assets'][number]): PageAsset {
  const { gzipBytes, ...rest } = asset;
  return gzipBytes === undefined ? rest : { ...rest, gzipBytes };
}

async function keepAsset(distDir: string, asset: PageAsset): Promise<Kept> {
  const file = join(distDir, asset.path);
  const packed = asset.gzipBytes === undefined ? undefined : new Uint8Array(await readFile(`${file}.gz`));
  const plain = packed ? new Uint8Array(gunzipSync(packed)) : new Uint8Array(await readFile(file));
  return { headers: { ...pageHeaders, ...assetHeaders(asset) }, plain, gzip: packed };
}

function answerAsset({ headers, plain, gzip }: Kept, acceptEncoding: string): Response {
  if (gzip && /\bgzip\b/.test(acceptEncoding)) {
    return new Response(gzip, { headers: { ...headers, 'content-encoding': 'gzip', vary: 'accept-encoding' } });
  }
  return new Response(plain, { headers: gzip ? { ...headers, vary: 'accept-encoding' } : headers });
}
