// Typefaces: latin and latin-ext only, served by ourselves, with fallbacks of the same width and height so that nothing shifts.

export interface FontFace {
  /** Path below node_modules; undefined for a local fallback. */
  readonly file?: string;
  readonly preload?: boolean;
  css(address: string): string;
}

const latin =
  'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD';
const latinExt =
  'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF';

function face(family: string, weights: string, range: string): (address: string) => string {
  return (address) =>
    `@font-face{font-family:'${family}';font-style:normal;font-display:swap;font-weight:${weights};src:url(${address}) format('woff2');unicode-range:${range}}`;
}

const sans = '@fontsource-variable/public-sans/files';
const serif = '@fontsource-variable/source-serif-4/files';

export const fontFaces: readonly FontFace[] = [
  { file: `${sans}/public-sans-latin-wght-normal.woff2`, preload: true, css: face('Public Sans', '400 600', latin) },
  { file: `${sans}/public-sans-latin-ext-wght-normal.woff2`, css: face('Public Sans', '400 600', latinExt) },
  { file: `${serif}/source-serif-4-latin-wght-normal.woff2`, css: face('Source Serif 4', '600', latin) },
  { file: `${serif}/source-serif-4-latin-ext-wght-normal.woff2`, css: face('Source Serif 4', '600', latinExt) },
  // Widths and heights measured on one German and English text, per em: Public Sans 1.040 × Arial, Source Serif 600 1.078 × Georgia.
  {
    css: () =>
      "@font-face{font-family:'Public Sans Fallback';src:local('Arial'),local('Liberation Sans'),local('Helvetica Neue');size-adjust:104%;ascent-override:91.3%;descent-override:21.6%;line-gap-override:0%}",
  },
  {
    css: () =>
      "@font-face{font-family:'Source Serif Fallback';font-weight:600;src:local('Georgia Bold'),local('Georgia'),local('Gelasio'),local('Liberation Serif Bold');size-adjust:107.8%;ascent-override:96.1%;descent-override:31.1%;line-gap-override:0%}",
  },
];
