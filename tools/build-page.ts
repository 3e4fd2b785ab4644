// Builds the page into dist/: hashed names, packed copies, one sprite of icons per document, a manifest. `--client fake` builds it over the sample letters.

import { build, transform, type BuildOptions, type Plugin } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildPublic, publicIcons } from './build-public.ts';
import type { PageAsset } from '../src/office/api/page-headers.ts';
import { slimLimits } from './slim-limits.ts';
import { iconNames } from '../src/web/look/icons.ts';
import { fontFaces } from '../src/web/look/fonts.ts';
import { tokensCss } from '../src/web/look/tokens.ts';

const root = path.resolve(import.meta.dirname, '..');
const web = path.join(root, 'src/web');
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};
const PAGE_SHEETS = [
  'base',
  'parts',
  'entry',
  'mail',
  'letter',
  'compose',
  'contacts',
  'settings',
  'telemetry',
  'safety',
  'desk',
  'receipt',
];
const PUBLIC_SHEETS = ['base', 'parts', 'receipt', 'public', 'report'];
/** What list and worker together may weigh, packed. */
const LIST_BYTES_MAX = 60_000;

export interface BuiltPage {
  readonly outDir: string;
  readonly assets: readonly PageAsset[];
  /** Packed bytes that are loaded before the list can be shown: document script, styles left out, mail worker. */
  readonly listBytes: number;
  readonly groups: Readonly<Record<string, number>>;
}

function hashOf(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 10);
}

function common(outDir: string, client: 'real' | 'fake'): BuildOptions {
  const fake: Plugin = {
    name: 'fake-client',
    setup: (esbuild) => {
      esbuild.onResolve({ filter: /client-door\.ts$/ }, () => ({
        path: path.join(root, 'test/fakes/fake-door.ts'),
      }));
    },
  };
  return {
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    metafile: true,
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outdir: outDir,
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    legalComments: 'none',
    logLevel: 'warning',
    plugins: client === 'fake' ? [slimLimits, fake] : [slimLimits],
    absWorkingDir: root,
  };
}

/** Entry name → address of its built file, and what it loads at once (not what it may load later). */
interface Built {
  readonly address: string;
  readonly eager: readonly string[];
}

async function bundle(options: BuildOptions, outDir: string): Promise<ReadonlyMap<string, Built>> {
  const result = await build(options);
  const built = new Map<string, Built>();
  const outputs = result.metafile?.outputs ?? {};
  const address = (file: string): string => `/${path.relative(outDir, path.resolve(root, file)).replaceAll('\\', '/')}`;
  for (const [file, output] of Object.entries(outputs)) {
    if (!output.entryPoint) continue;
    const eager = new Set([file]);
    for (const next of eager) {
      for (const found of outputs[next]?.imports ?? []) if (found.kind === 'import-statement') eager.add(found.path);
    }
    const name = path.basename(output.entryPoint).replace(/\.tsx?$/, '');
    built.set(name, { address: address(file), eager: [...eager].map(address) });
  }
  return built;
}

async function sprite(names: readonly string[] = iconNames): Promise<string> {
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(path.join(root, 'node_modules/lucide-static/icons', `${name}.svg`), 'utf8');
      const inside = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1] ?? '';
      return `<symbol id="i-${name}" viewBox="0 0 24 24">${inside.replaceAll(/\s*\n\s*/g, '')}</symbol>`;
    }),
  );
  const masks =
    '<mask id="seal-cut"><path fill="#fff" d="M0 0h24v24H0z"/><path d="M8 12.5l2.7 2.7L16.2 9.6" fill="none" stroke="#000" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></mask>' +
    '<mask id="wax-cut"><path fill="#fff" d="M0 0h48v48H0z"/><circle cx="24" cy="24" r="14" fill="none" stroke="#000" stroke-width="2"/></mask>';
  // Not display:none: a mask in there would not paint.
  return `<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>${masks}${symbols.join('')}</defs></svg>`;
}

async function put(outDir: string, name: string, bytes: Uint8Array | string): Promise<string> {
  const extension = path.extname(name);
  const address = `/assets/${path.basename(name, extension)}-${hashOf(bytes)}${extension}`;
  await writeFile(path.join(outDir, address), bytes);
  return address;
}

async function styles(
  outDir: string,
  sheet: string,
  files: readonly string[],
): Promise<{ readonly address: string; readonly sans: string }> {
  const addresses = new Map<string, string>();
  for (const face of fontFaces) {
    if (face.file)
      addresses.set(
        face.file,
        await put(outDir, path.basename(face.file), await readFile(path.join(root, 'node_modules', face.file))),
      );
  }
  const faces = fontFaces.map((face) => face.css(face.file ? (addresses.get(face.file) ?? '') : '')).join('\n');
  const sheets = await Promise.all(files.map((name) => readFile(path.join(web, `look/${name}.css`), 'utf8')));
  const css = [faces, tokensCss(), ...sheets].join('\n');
  const small = await transform(css, { loader: 'css', minify: true, target: 'chrome111' });
  const sans = addresses.get(fontFaces.find((face) => face.preload)?.file ?? '') ?? '';
  return { address: await put(outDir, `${sheet}.css`, small.code), sans };
}

function documentText(of: {
  readonly title: string;
  readonly first: string;
  readonly style: string;
  readonly sans: string;
  readonly script: Built;
  readonly icon: string;
  readonly sprite: string;
}): string {
  const preloads = of.script.eager.filter((address) => address !== of.script.address);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<title>${of.title}</title>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="robots" content="noindex">',
    `<script src="${of.first}"></script>`,
    `<link rel="preload" href="${of.sans}" as="font" type="font/woff2" crossorigin>`,
    `<link rel="stylesheet" href="${of.style}">`,
    `<link rel="icon" href="${of.icon}" type="image/svg+xml">`,
    ...preloads.map((address) => `<link rel="modulepreload" href="${address}">`),
    `<script type="module" src="${of.script.address}"></script>`,
    '</head>',
    '<body>',
    of.sprite,
    '<div id="page"></div>',
    '<noscript>Siegel opens your mail in this browser and needs JavaScript for it. · Siegel öffnet Ihre Post in diesem Browser und braucht dafür JavaScript.</noscript>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

async function faviconText(): Promise<string> {
  const { waxOutline } = await import('../src/web/parts/wax-outline.ts');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><path fill="#A8202B" d="${waxOutline}"/><circle cx="24" cy="24" r="14" fill="none" stroke="#fff" stroke-width="2.4"/></svg>`;
}

async function pack(outDir: string): Promise<PageAsset[]> {
  const assets: PageAsset[] = [];
  const files = (await readdir(outDir, { recursive: true })).filter((file) => /\.(js|css|svg|woff2|html)$/.test(file));
  for (const file of files.toSorted()) {
    const bytes = await readFile(path.join(outDir, file));
    const small = file.endsWith('.woff2') ? undefined : gzipSync(bytes, { level: 9 });
    if (small) await writeFile(path.join(outDir, `${file}.gz`), small);
    if (file.endsWith('.html')) continue;
    assets.push({
      path: file.replaceAll('\\', '/'),
      type: types[path.extname(file)] ?? 'application/octet-stream',
      sizeBytes: bytes.length,
      ...(small ? { gzipBytes: small.length } : {}),
    });
  }
  return assets;
}

/** Builds everything; the directory is emptied first. */
export async function buildPage(of: { readonly outDir: string; readonly client: 'real' | 'fake' }): Promise<BuiltPage> {
  const { outDir, client } = of;
  await rm(outDir, { recursive: true, force: true });
  await mkdir(path.join(outDir, 'assets'), { recursive: true });
  const options = common(outDir, client);
  const workers = await bundle(
    { ...options, entryPoints: [path.join(web, 'worker/mail-worker.ts'), path.join(web, 'worker/key-worker.ts')] },
    outDir,
  );
  // by itself: what it shares with the others would be loaded with the mailbox
  const desk = await bundle({ ...options, entryPoints: [path.join(web, 'worker/desk-worker.ts')] }, outDir);
  const addressOf = (name: string): string => JSON.stringify((workers.get(name) ?? desk.get(name))?.address ?? '');
  const pages = await bundle(
    {
      ...options,
      entryPoints: [path.join(web, 'mail/mail.tsx'), path.join(web, 'entry/sign-in.tsx')],
      define: {
        MAIL_WORKER_URL: addressOf('mail-worker'),
        KEY_WORKER_URL: addressOf('key-worker'),
        DESK_WORKER_URL: addressOf('desk-worker'),
      },
    },
    outDir,
  );
  const firsts = await bundle(
    { ...options, format: 'iife', splitting: false, entryPoints: [path.join(web, 'look/first.ts')] },
    outDir,
  );
  const style = await styles(outDir, 'page', PAGE_SHEETS);
  const publicStyle = await styles(outDir, 'public', PUBLIC_SHEETS);
  const transitStyle = await styles(outDir, 'transit', [...PUBLIC_SHEETS, 'transit']);
  const authoritiesStyle = await styles(outDir, 'authorities', [...PUBLIC_SHEETS, 'authorities']);
  const icon = await put(outDir, 'siegel.svg', await faviconText());
  const drawings = await sprite();
  for (const name of ['mail', 'sign-in']) {
    const script = pages.get(name);
    if (!script) throw new Error(`the page ${name} was not built`);
    const first = firsts.get('first')?.address ?? '';
    const text = documentText({
      title: 'Siegel',
      first,
      style: style.address,
      sans: style.sans,
      script,
      icon,
      sprite: drawings,
    });
    await writeFile(path.join(outDir, `${name}.html`), text);
  }
  const apart = { ...options, splitting: false };
  const check = await bundle({ ...apart, entryPoints: [path.join(web, 'check/check.tsx')] }, outDir);
  const transit = await bundle({ ...apart, entryPoints: [path.join(web, 'transit/transit.tsx')] }, outDir);
  // OpenPGP is a part of its own, loaded when something is sent
  const authorities = await bundle(
    { ...options, entryPoints: [path.join(web, 'authorities/authorities.tsx')] },
    outDir,
  );
  await buildPublic({
    outDir,
    style: publicStyle.address,
    transitStyle: transitStyle.address,
    sans: publicStyle.sans,
    icon,
    first: firsts.get('first')?.address ?? '',
    script: check.get('check')?.address ?? '',
    transitScript: transit.get('transit')?.address ?? '',
    authoritiesScript: authorities.get('authorities')?.address ?? '',
    authoritiesStyle: authoritiesStyle.address,
    sprite: await sprite(publicIcons),
  });
  const assets = await pack(outDir);
  await writeFile(path.join(outDir, 'manifest.json'), `${JSON.stringify({ assets }, undefined, 1)}\n`);
  const packed = (addresses: readonly string[]): number =>
    assets
      .filter((asset) => addresses.includes(`/${asset.path}`))
      .reduce((sum, asset) => sum + (asset.gzipBytes ?? asset.sizeBytes), 0);
  // The mailbox's half of the client is loaded by the worker at once, whatever it is called: the list needs it.
  const listWorker = [...new Set(['mail-worker', 'mailbox-client'].flatMap((name) => workers.get(name)?.eager ?? []))];
  const groups = {
    mail: packed(pages.get('mail')?.eager ?? []),
    mailWorker: packed(listWorker),
    signIn: packed(pages.get('sign-in')?.eager ?? []),
    keyWorker: packed(workers.get('key-worker')?.eager ?? []),
    styles: packed([style.address]),
    check: packed(check.get('check')?.eager ?? []),
    transit: packed(transit.get('transit')?.eager ?? []),
    deskWorker: packed(desk.get('desk-worker')?.eager ?? []),
    authorities: packed(authorities.get('authorities')?.eager ?? []),
    fonts: assets.filter((asset) => asset.type === 'font/woff2').reduce((sum, asset) => sum + asset.sizeBytes, 0),
  };
  return { outDir, assets, groups, listBytes: groups.mail + groups.mailWorker };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: path.join(root, 'dist') },
      client: { type: 'string', default: 'real' },
      json: { type: 'boolean', default: false },
    },
  });
  const built = await buildPage({
    outDir: path.resolve(values.out),
    client: values.client === 'fake' ? 'fake' : 'real',
  });
  if (values.json) console.log(JSON.stringify({ listBytes: built.listBytes, ...built.groups }));
  else {
    for (const [name, bytes] of Object.entries(built.groups))
      console.log(`${name.padEnd(12)} ${(bytes / 1000).toFixed(1)} kB packed`);
    console.log(`list bundle and worker: ${(built.listBytes / 1000).toFixed(1)} kB of ${LIST_BYTES_MAX / 1000} kB`);
  }
  if (built.listBytes > LIST_BYTES_MAX) process.exitCode = 1;
}
