// The public documents: /check, /transit and /authorities with one small script each, and the frame of pages without any (office/trust fills it).

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { waxOutline } from '../src/web/parts/wax-outline.ts';

export interface PublicParts {
  readonly outDir: string;
  readonly style: string;
  readonly transitStyle: string;
  readonly sans: string;
  readonly icon: string;
  readonly first: string;
  readonly script: string;
  readonly transitScript: string;
  readonly authoritiesScript: string;
  readonly authoritiesStyle: string;
  readonly sprite: string;
}

/** Those that these draw. */
export const publicIcons = ['check', 'chevron-down', 'download', 'file-text', 'triangle-alert', 'x'];

const WAX =
  '<svg class="seal-mark seal-mark-wax" width="28" height="28" viewBox="0 0 48 48" aria-hidden="true"><defs><mask id="wax-cut"><path fill="#fff" d="M0 0h48v48H0z"/><circle cx="24" cy="24" r="14" fill="none" stroke="#000" stroke-width="2"/></mask></defs>' +
  `<path d="${waxOutline}" fill="currentColor" mask="url(#wax-cut)"/></svg>`;

export async function buildPublic(parts: PublicParts): Promise<void> {
  await writeFile(path.join(parts.outDir, 'check.html'), scriptDocument(parts, CHECK_WITHOUT));
  const { transitScript: script, transitStyle: style } = parts;
  await writeFile(
    path.join(parts.outDir, 'transit.html'),
    scriptDocument({ ...parts, script, style }, TRANSIT_WITHOUT),
  );
  await writeFile(
    path.join(parts.outDir, 'authorities.html'),
    scriptDocument({ ...parts, script: parts.authoritiesScript, style: parts.authoritiesStyle }, AUTHORITIES_WITHOUT),
  );
  await writeFile(path.join(parts.outDir, 'plain.html'), plainFrame(parts));
}

const CHECK_WITHOUT =
  'A receipt is checked in this browser, which needs JavaScript for it; without it: siegel receipt check FILE. · Ein Beleg wird in diesem Browser geprüft und braucht dafür JavaScript; ohne: siegel receipt check DATEI.';
const TRANSIT_WITHOUT =
  'Documents are dropped here with JavaScript; without it, mail them, or use: siegel transit optimise FILE --out DIR. · Zum Ablegen von Dokumenten braucht diese Seite JavaScript; ohne: mailen, oder siegel transit optimise DATEI --out ORDNER.';

const AUTHORITIES_WITHOUT =
  'This form encrypts in your browser and needs JavaScript for it; without it, write encrypted mail to the keys at /authorities/keys.asc, or send a letter. · Dieses Formular verschlüsselt in Ihrem Browser und braucht dafür JavaScript; ohne: verschlüsselte E-Mail an die Schlüssel unter /authorities/keys.asc, oder ein Brief.';

function head({ sans, style, icon }: PublicParts, title: string): readonly string[] {
  return [
    '<meta charset="utf-8">',
    `<title>${title}</title>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">',
    '<meta name="color-scheme" content="light dark">',
    `<link rel="preload" href="${sans}" as="font" type="font/woff2" crossorigin>`,
    `<link rel="stylesheet" href="${style}">`,
    `<link rel="icon" href="${icon}" type="image/svg+xml">`,
  ];
}

function scriptDocument(parts: PublicParts, without: string): string {
  return [
    '<!doctype html>',
    '<html lang="en" class="public-page">',
    '<head>',
    ...head(parts, 'Siegel'),
    `<script src="${parts.first}"></script>`,
    `<script type="module" src="${parts.script}"></script>`,
    '</head>',
    '<body>',
    parts.sprite.replace('style="position:absolute"', 'class="public-sprite"'),
    '<div id="page"></div>',
    `<noscript><p class="public-bare">${without}</p></noscript>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function plainFrame(parts: PublicParts): string {
  return [
    '<!doctype html>',
    // the serif is fetched at once: there is no script that could ask for it later
    '<html lang="%LANG%" class="public-page" data-serif>',
    '<head>',
    ...head(parts, '%TITLE%'),
    '</head>',
    '<body>',
    `<header class="public-head"><a class="public-brand" href="/">${WAX}<span>Siegel</span></a>%LANGUAGES%</header>`,
    '<main class="public">%CONTENT%</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
