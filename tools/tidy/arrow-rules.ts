// Rules about who may know whom: arrows between rooms point down, and there are no rings.

import type { Rule } from './rule.ts';
import { isTest, type Import, type SourceFile, type SourceTree, type Violation } from './source-tree.ts';

/** Room → rooms that it may import. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  formats: ['base'],
  vault: ['formats', 'base'],
  post: ['vault', 'formats', 'base'],
  office: ['post', 'vault', 'formats', 'base'],
  web: ['vault', 'formats', 'base'],
  programs: ['web', 'office', 'post', 'vault', 'formats', 'base'],
};
/** Inside the vault: room → rooms beside it that it may import. */
const VAULT_ARROWS: Readonly<Record<string, readonly string[]>> = {
  sealing: [],
  book: ['journal', 'sealing'],
  keykit: ['sealing'],
  journal: ['sealing'],
  directory: ['journal', 'sealing'],
  live: ['journal'],
  database: ['journal', 'sealing'],
  safeguards: ['database', 'directory', 'journal', 'book', 'keykit', 'sealing'],
};
/** What neighbours inside the post share: the wire, which knows none of them. */
const POST_SHARED = 'wire';
/** What the browser may see of the vault. */
const VAULT_FOR_WEB = ['sealing', 'book'];
/** Only these open letters: they run where a person is, and speak to the server by HTTP. */
const MAY_OPEN = /^src\/(web\/|programs\/commands\/user\/|programs\/bridge\.ts$)/;
const OPENS = /^src\/vault\/sealing\/(open(-[a-z-]+)?\.ts$|keys\.ts$|client\/)/;
/** The page is built at the first start, and whenever its sources changed. */
const PAGE_BUILDER = 'tools/build-page.ts';

function room(path: string): string | undefined {
  return /^src\/([a-z-]+)\//.exec(path)?.[1];
}

function part(path: string): string | undefined {
  return /^src\/[a-z-]+\/([a-z-]+)\//.exec(path)?.[1];
}

function judgeImports(
  tree: SourceTree,
  judge: (file: SourceFile, target: string, item: Import) => string | undefined,
): readonly Violation[] {
  return tree.files.flatMap((file) =>
    file.imports.flatMap((item) => {
      const what = item.file === undefined ? undefined : judge(file, item.file, item);
      return what === undefined ? [] : [{ path: file.path, line: item.line, what }];
    }),
  );
}

const roomArrows: Rule = {
  name: 'arrows between rooms point down',
  find: (tree) =>
    judgeImports(tree, (file, target) => {
      const [from, to] = [room(file.path), room(target)];
      if (from === undefined || isTest(file.path)) return undefined;
      if (from === 'programs' && target === PAGE_BUILDER) return undefined;
      if (to === undefined) return `src imports ${target}, which is not part of the program`;
      if (from === to || ARROWS[from]?.includes(to) === true) return undefined;
      return `${from} may not import ${to} (${target})`;
    }),
  planted: [
    { 'src/vault/x.ts': "import { a } from '#post/a.ts';" },
    { 'src/formats/x.ts': "import type { A } from '#vault/a.ts';" },
    { 'src/base/x.ts': "export { a } from '../formats/a.ts';" },
    { 'src/post/x.ts': "const a = await import('#office/a.ts');" },
    { 'src/office/x.ts': "import '#programs/a.ts';" },
    { 'src/base/x.ts': "import { a } from '../../tools/a.ts';" },
  ],
  allowed: [
    { 'src/programs/x.ts': "import { a } from '#office/a.ts';\nimport { b } from '#base/b.ts';" },
    { 'src/vault/x.ts': "// import { a } from '#post/a.ts';\nconst text = \"import { a } from '#post/a.ts'\";" },
  ],
};

const vaultArrows: Rule = {
  name: 'inside the vault each room knows only those below it',
  find: (tree) =>
    judgeImports(tree, (file, target) => {
      const [from, to] = [part(file.path), part(target)];
      if (room(file.path) !== 'vault' || room(target) !== 'vault' || isTest(file.path)) return undefined;
      if (from === undefined || to === undefined || from === to || VAULT_ARROWS[from]?.includes(to) === true)
        return undefined;
      return `vault/${from} may not import vault/${to}`;
    }),
  planted: [
    { 'src/vault/journal/x.ts': "import { a } from '../database/a.ts';" },
    { 'src/vault/sealing/x.ts': "import { a } from '#vault/journal/a.ts';" },
    { 'src/vault/unheard-of/x.ts': "import { a } from '#vault/journal/a.ts';" },
  ],
  allowed: [{ 'src/vault/database/x.ts': "import { a } from '#vault/journal/a.ts';" }],
};

const neighbours: Rule = {
  name: 'neighbours inside the post never import each other',
  find: (tree) =>
    judgeImports(tree, (file, target) => {
      const [from, to] = [part(file.path), part(target)];
      if (room(file.path) !== 'post' || room(target) !== 'post' || from === to || to === POST_SHARED) return undefined;
      return `post/${from ?? ''} may not import post/${to ?? ''}: programs/ hands one a function of the other`;
    }),
  planted: [
    { 'src/post/reception/x.ts': "import { a } from '../delivery/a.ts';" },
    { 'src/post/wire/x.ts': "import { a } from '../reception/a.ts';" },
  ],
  allowed: [
    { 'src/post/reception/x.ts': "import { a } from './checks/a.ts';" },
    { 'src/post/reception/x.ts': "import { a } from '../wire/a.ts';" },
  ],
};

/** api is the door of the office: it may know the services behind it, and they each other’s doors through programs/. */
const officeNeighbours: Rule = {
  name: 'neighbours inside the office never import each other, only the door api knows them',
  find: (tree) =>
    judgeImports(tree, (file, target) => {
      const [from, to] = [part(file.path), part(target)];
      if (room(file.path) !== 'office' || room(target) !== 'office' || from === to || isTest(file.path))
        return undefined;
      return from === 'api' ? undefined : `office/${from ?? ''} may not import office/${to ?? ''}`;
    }),
  planted: [{ 'src/office/jmap/x.ts': "import { a } from '../accounts/a.ts';" }],
  allowed: [{ 'src/office/api/x.ts': "import { a } from '../accounts/a.ts';" }],
};

const webVault: Rule = {
  name: 'the page knows of the vault only what opens and what proves',
  find: (tree) =>
    judgeImports(tree, (file, target) => {
      if (room(file.path) !== 'web' || room(target) !== 'vault' || isTest(file.path)) return undefined;
      return VAULT_FOR_WEB.includes(part(target) ?? '') ? undefined : `web may not import ${target}`;
    }),
  planted: [{ 'src/web/x.ts': "import { a } from '#vault/journal/a.ts';" }],
  allowed: [{ 'src/web/x.ts': "import { a } from '#vault/sealing/a.ts';" }],
};

const serverCannotOpen: Rule = {
  name: 'the server cannot open mail: only the page and the user’s own commands import what opens',
  find: (tree) =>
    judgeImports(tree, (file, target) => {
      if (!OPENS.test(target) || !file.path.startsWith('src/')) return undefined;
      if (MAY_OPEN.test(file.path) || OPENS.test(file.path) || isTest(file.path)) return undefined;
      return `${target} opens letters; only web/ and programs/commands/user/ may import it`;
    }),
  planted: [
    { 'src/programs/server.ts': "import { openLetter } from '#vault/sealing/open.ts';" },
    { 'src/office/api/x.ts': "import { openKeyring } from '#vault/sealing/keys.ts';" },
    { 'src/office/api/x.ts': "import type { A } from '#vault/sealing/client/a.ts';" },
    { 'src/vault/sealing/seal.ts': "import { a } from './open.ts';" },
  ],
  allowed: [
    { 'src/web/mail/x.ts': "import { openLetter } from '#vault/sealing/open.ts';" },
    { 'src/programs/commands/user/x.ts': "import { openLetter } from '#vault/sealing/open.ts';" },
  ],
};

const crossRoomWritten: Rule = {
  name: 'another room is imported as #room/…, only the same room with dots',
  find: (tree) =>
    judgeImports(tree, (file, target, { written }) => {
      const from = room(file.path);
      if (from === undefined || !written.startsWith('.') || !target.startsWith('src/')) return undefined;
      return room(target) === from ? undefined : `write ${written} as #${target.slice('src/'.length)}`;
    }),
  planted: [{ 'src/post/x.ts': "import { ok } from '../base/result.ts';" }],
  allowed: [{ 'src/vault/journal/x.ts': "import { a } from '../sealing/a.ts';" }],
};

const imports: Rule = {
  name: 'imports of ours name a file that is there, with its ending',
  find: (tree) => {
    const paths = new Set(tree.files.map(({ path }) => path));
    return judgeImports(tree, (file, target) => {
      if (!/\.(ts|tsx|mjs)$/.test(file.path) || paths.has(target) || /\.(css|json|svg|woff2)(\?.*)?$/.test(target))
        return undefined;
      return `${target} is not there`;
    });
  },
  planted: [{ 'src/base/x.ts': "import { a } from './missing.ts';" }, { 'src/base/x.ts': "import { a } from './x';" }],
  allowed: [{ 'src/base/x.ts': "import { a } from './y.ts';", 'src/base/y.ts': '' }],
};

const rings: Rule = {
  name: 'no ring of imports',
  find: (tree) => {
    const edges = new Map(
      tree.files.map((file) => [
        file.path,
        file.imports.flatMap(({ file: target, isTypeOnly }) => (target === undefined || isTypeOnly ? [] : [target])),
      ]),
    );
    const done = new Set<string>();
    const rings: Violation[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      const at = trail.indexOf(path);
      if (at >= 0) rings.push({ path, line: 1, what: `ring: ${[...trail.slice(at), path].join(' → ')}` });
      if (at >= 0 || done.has(path)) return;
      for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
      done.add(path);
    };
    for (const { path } of tree.files) visit(path, []);
    return rings;
  },
  planted: [
    {
      'src/base/x.ts': "import { y } from './y.ts';",
      'src/base/y.ts': "import { z } from './z.ts';",
      'src/base/z.ts': "import { x } from './x.ts';",
    },
    { 'src/base/x.ts': "import { x } from './x.ts';" },
  ],
  allowed: [{ 'src/base/x.ts': "import { y } from './y.ts';", 'src/base/y.ts': "import type { x } from './x.ts';" }],
};

export const arrowRules: readonly Rule[] = [
  roomArrows,
  vaultArrows,
  neighbours,
  officeNeighbours,
  webVault,
  serverCannotOpen,
  crossRoomWritten,
  imports,
  rings,
];
