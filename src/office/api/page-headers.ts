// Headers and addresses of the page's documents and assets: what the browser may do is decided here (CSP 3, Trusted Types).

const app = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types dompurify letter worker',
];

/** The mailbox document. A letter's srcdoc frame inherits it. */
export const appPolicy = app.join('; ');

/** The sign-in document: no letter is ever shown there, and OPAQUE is WebAssembly. */
export const entryPolicy = app
  .map((rule) => (rule.startsWith('script-src') ? `${rule} 'wasm-unsafe-eval'` : rule))
  .join('; ');

/** The receipt check: nothing is opened, framed or drawn from text there, and nothing is sent. */
export const checkPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The drop page: what it shows of a document is a picture in its own memory. */
export const transitPolicy = checkPolicy.replace("img-src 'self'", "img-src 'self' blob:");

/** A page without any script. */
export const plainPolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Workers carry a policy of their own, that of their script: they reach this server and nothing else. */
export const workerPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'";
export const keyWorkerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** On every answer that is part of the page. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), interest-cohort=()',
};

export interface PageRoute {
  /** Exact path, or a prefix when it ends in `*`. */
  readonly path: string;
  /** File in dist/. */
  readonly document: string;
  readonly policy: string;
}

/** Addresses answered with a document; role checks stand with the methods, the documents hold nothing. */
export const pageRoutes: readonly PageRoute[] = [
  { path: '/', document: 'sign-in.html', policy: entryPolicy },
  { path: '/recover', document: 'sign-in.html', policy: entryPolicy },
  { path: '/join/*', document: 'sign-in.html', policy: entryPolicy },
  { path: '/check', document: 'check.html', policy: checkPolicy },
  { path: '/authorities', document: 'authorities.html', policy: checkPolicy },
  { path: '/transit', document: 'transit.html', policy: transitPolicy },
  { path: '/mail', document: 'mail.html', policy: appPolicy },
];

export function findPageRoute(path: string): PageRoute | undefined {
  return pageRoutes.find((route) =>
    route.path.endsWith('*')
      ? path.startsWith(route.path.slice(0, -1)) && path.length >= route.path.length
      : route.path === path,
  );
}

/** Headers of one document. Documents are small and name hashed assets: asked for again each time. */
export function documentHeaders(route: PageRoute): Readonly<Record<string, string>> {
  return {
    ...pageHeaders,
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'content-security-policy': route.policy,
  };
}

/** One entry of `assets` in dist/manifest.json. */
export interface PageAsset {
  /** File below dist/ and address below `/`, without a leading slash; its name carries the hash of its content. */
  readonly path: string;
  readonly type: string;
  readonly sizeBytes: number;
  /** Size of `<file>.gz` beside it; undefined when packing did not help. */
  readonly gzipBytes?: number;
}

/** Headers of one asset: its name changes with its content, so it is kept for a year. */
export function assetHeaders(asset: Pick<PageAsset, 'path' | 'type'>): Readonly<Record<string, string>> {
  const isScript = asset.type.startsWith('text/javascript');
  const policy = asset.path.includes('/key-worker-') ? keyWorkerPolicy : workerPolicy;
  return {
    ...pageHeaders,
    'content-type': asset.type,
    'cache-control': 'public, max-age=31536000, immutable',
    ...(isScript ? { 'content-security-policy': policy } : {}),
  };
}
