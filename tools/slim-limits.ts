// For the page: limits.ts section by section, so that a bundle carries the bounds it uses and not those of the whole house.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import { limits } from '../src/base/limits.ts';

const SECTIONS = 'siegel:limits';
const IMPORT = /^import \{ limits \} from '[^']*\/limits\.ts';$/m;

/** `limits` becomes a namespace, whose unused members a bundler leaves out; those of one object it cannot. */
export const slimLimits: Plugin = {
  name: 'slim-limits',
  setup(esbuild) {
    esbuild.onLoad({ filter: /\/src\/.*\.tsx?$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      const contents = text.replace(IMPORT, `import * as limits from '${SECTIONS}';`);
      return { contents, loader: path.extname(file) === '.tsx' ? 'tsx' : 'ts' };
    });
    esbuild.onResolve({ filter: /^siegel:limits$/ }, () => ({
      path: SECTIONS,
      namespace: SECTIONS,
      sideEffects: false,
    }));
    esbuild.onLoad({ filter: /^siegel:limits$/, namespace: SECTIONS }, () => ({
      contents: Object.entries(limits)
        .map(([name, section]) => `export const ${name} = ${JSON.stringify(section)};`)
        .join('\n'),
      loader: 'js',
    }));
  },
};
