// The document a letter's HTML is shown in: the innermost wall stands in its head, the sandbox around it. Strings only.

/** Inside the frame nothing is fetched and nothing runs, whatever the purifier let through. */
export const innerPolicy = "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'";

/** Same origin so that the page can measure the letter and hear keys in it; never allow-scripts. */
export const frameSandbox = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';

const ground = `html{overflow-x:auto;overflow-y:hidden}
body{margin:0;padding:1px 0;background:#fff;color:#17202c;font:16px/26px system-ui,sans-serif;overflow-wrap:break-word}
img{max-width:100%;height:auto}
img:not([src]){display:none}
pre{white-space:pre-wrap}
blockquote{margin:0 0 0 4px;padding-left:12px;border-left:2px solid #d4dae2}
a{color:inherit}
table{max-width:100%}`;

/** `headAndBody` is purified HTML: the letter's own styles and its body, attributes of the body apart. */
export function frameDocument(of: {
  readonly styles: string;
  readonly body: string;
  readonly bodyAttributes: string;
}): string {
  return `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${innerPolicy}"><meta name="referrer" content="no-referrer"><base target="_blank"><style>${ground}</style>${of.styles}</head><body${of.bodyAttributes}>${of.body}</body></html>`;
}
