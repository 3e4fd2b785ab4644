// Rules about shape: sizes, names, first lines, READMEs, and nothing left for later.

import type { Rule } from './rule.ts';
import { findAll, isScript, isTest, lineAt, type SourceFile, type SourceTree, type Violation } from './source-tree.ts';

const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 60;
const README_LINES_MAX = 30;
const KIND_NAMES = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'misc',
  'managers',
  'manager',
  'services',
  'service',
  'lib',
  'shared',
]);
/** The rooms and the rooms inside them; the page is one room. */
const ROOM = /^src\/(?:[a-z-]+|(?!web\/)[a-z-]+\/[a-z-]+)$/;
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|d))?\.(?:ts|tsx|mjs|css)$/;
const MIGRATION = /^\d{4}-[a-z0-9-]+\.sql$/;

function lines(count: number, line = 'const a = 1;'): string {
  return Array.from({ length: count }, () => line).join('\n');
}

function scripts(tree: SourceTree, look: (file: SourceFile) => readonly Violation[]): readonly Violation[] {
  return tree.files.filter((file) => isScript(file.path)).flatMap(look);
}

const fileLength: Rule = {
  name: `a file has at most ${FILE_LINES_MAX} lines`,
  find: (tree) =>
    scripts(tree, ({ path, text }) => {
      const count = text.trimEnd().split('\n').length;
      return count > FILE_LINES_MAX ? [{ path, line: FILE_LINES_MAX, what: `${count} lines` }] : [];
    }),
  planted: [{ 'src/base/x.ts': lines(FILE_LINES_MAX + 1) }],
  allowed: [{ 'src/base/x.ts': `${lines(FILE_LINES_MAX)}\n` }],
};

/** Where a function's body begins: behind a named function, a method, or the arrow of a named constant. */
const FUNCTION_HEAD =
  /\bfunction\b[^{;]*\{|=>\s*\{|^\s+(?:(?:async|static|get|set|override|private|protected|public)\s+)*[#\w]+\s*\([^;{}]*\)\s*(?::[^;{}]*)?\{/gm;
const NOT_A_METHOD = /^\s+(?:if|for|while|switch|catch|with|return|await|else|do|test|it|describe)\b/;

const functionLength: Rule = {
  name: `a function of the program has at most ${FUNCTION_LINES_MAX} lines`,
  find: (tree) =>
    scripts(tree, ({ path, bare }) =>
      isTest(path)
        ? []
        : [...bare.matchAll(FUNCTION_HEAD)].flatMap((match) => {
            if (NOT_A_METHOD.test(match[0]) && !match[0].includes('=>')) return [];
            const open = match.index + match[0].length - 1;
            const first = lineAt(bare, match.index + (/\S/.exec(match[0])?.index ?? 0));
            const count = lineAt(bare, closingBrace(bare, open)) - first + 1;
            return count > FUNCTION_LINES_MAX ? [{ path, line: first, what: `a function of ${count} lines` }] : [];
          }),
    ),
  planted: [
    { 'src/base/x.ts': `export function a(): void {\n${lines(FUNCTION_LINES_MAX)}\n}` },
    { 'src/base/x.ts': `const a = () => {\n${lines(FUNCTION_LINES_MAX)}\n};` },
    { 'src/base/x.ts': `class A {\n  async a(b: number): Promise<void> {\n${lines(FUNCTION_LINES_MAX)}\n  }\n}` },
  ],
  allowed: [
    { 'src/base/x.ts': `export function a(): void {\n${lines(FUNCTION_LINES_MAX - 2)}\n}` },
    { 'src/base/x.ts': `const a = [\n${lines(100, '1,')}\n];` },
  ],
};

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

const firstLine: Rule = {
  name: 'the first line of a file says what it is for',
  find: (tree) =>
    tree.files.flatMap(({ path, text }) => {
      if (!isScript(path) && !path.endsWith('.sql') && !path.endsWith('.css')) return [];
      const opening = /^(?:\/\/|--|\/\*) \S.{10,}/.test(text);
      return opening ? [] : [{ path, line: 1, what: 'no sentence on the first line' }];
    }),
  planted: [
    { 'src/base/x.ts': "import { a } from './a.ts';" },
    { 'src/base/x.sql': 'CREATE TABLE x (a int);' },
    { 'src/base/x.ts': '// x' },
  ],
  allowed: [{ 'src/base/x.ts': '// What this is for, in a sentence.\n' }],
};

const readmes: Rule = {
  name: `each room opens with a README.md of at most ${README_LINES_MAX} lines`,
  find: (tree) => {
    const texts = new Map(tree.files.map(({ path, text }) => [path, text]));
    const rooms = tree.folders.filter((folder) => ROOM.test(folder) && isRoom(tree, folder));
    const missing = rooms
      .filter((folder) => !texts.has(`${folder}/README.md`))
      .map((folder) => ({ path: folder, line: 1, what: 'no README.md' }));
    const long = [...texts].filter(
      ([path, text]) =>
        path.startsWith('src/') && path.endsWith('README.md') && text.trimEnd().split('\n').length > README_LINES_MAX,
    );
    return [
      ...missing,
      ...long.map(([path]) => ({ path, line: README_LINES_MAX, what: `more than ${README_LINES_MAX} lines` })),
    ];
  },
  planted: [
    { 'src/post/reception/x.ts': '', 'src/post/reception/y.ts': '', 'src/post/README.md': '' },
    { 'src/post/README.md': lines(README_LINES_MAX + 1) },
  ],
  allowed: [
    {
      'src/post/README.md': '# post',
      'src/post/reception/README.md': '# reception',
      'src/post/reception/x.ts': '',
      'src/post/reception/y.ts': '',
    },
  ],
};

/** A folder with a single file and its test is a thing in a room, not a room. */
function isRoom(tree: SourceTree, folder: string): boolean {
  const inside = tree.files.filter(
    ({ path }) => path.startsWith(`${folder}/`) && !isTest(path) && !path.endsWith('.md'),
  );
  return inside.length > 1;
}

const folderNames: Rule = {
  name: 'a folder is a noun of mail, not a technical kind',
  find: (tree) =>
    tree.folders.flatMap((folder) => {
      const name = folder.split('/').at(-1) ?? '';
      return KIND_NAMES.has(name) ? [{ path: folder, line: 1, what: `a folder called ${name}` }] : [];
    }),
  planted: [{ 'src/post/utils/x.ts': '' }, { 'src/services/mail/x.ts': '' }],
  allowed: [{ 'src/post/reception/x.ts': '' }],
};

const fileNames: Rule = {
  name: 'files have kebab-case names, migrations a number first',
  find: (tree) =>
    tree.files.flatMap(({ path }) => {
      const name = path.split('/').at(-1) ?? '';
      if (name.endsWith('.md') || KEBAB.test(name)) return [];
      return name.endsWith('.sql') && MIGRATION.test(name) ? [] : [{ path, line: 1, what: 'not a kebab-case name' }];
    }),
  planted: [
    { 'src/base/someFile.ts': '' },
    { 'src/vault/database/migrations/letters.sql': '' },
    { 'src/web/Button.tsx': '' },
  ],
  allowed: [
    { 'src/base/some-file.test.ts': '', 'src/vault/database/migrations/0002-letters.sql': '', 'README.md': '' },
  ],
};

const testsBeside: Rule = {
  name: 'a test stands beside what it tests',
  find: (tree) => {
    const folders = new Set(
      tree.files.filter(({ path }) => isScript(path) && !isTest(path)).map(({ path }) => path.replace(/\/[^/]*$/, '')),
    );
    return tree.files.flatMap(({ path }) => {
      if (!path.startsWith('src/') || !path.endsWith('.test.ts')) return [];
      return folders.has(path.replace(/\/[^/]*$/, ''))
        ? []
        : [{ path, line: 1, what: 'nothing to test in this folder' }];
    });
  },
  planted: [{ 'src/base/tests/x.test.ts': '', 'src/base/x.ts': '' }],
  allowed: [{ 'src/base/x.test.ts': '', 'src/base/x.ts': '' }],
};

const LATER = new RegExp(`\\b(?:${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|${['XX', 'X'].join('')})\\b`);
const ONLY = /\b(?:test|it|describe|suite)\s*\.\s*only\b|\bonly\s*:\s*true/;
const SKIP =
  /\b(?:test|it|describe|suite)\s*\.\s*(?:skip|todo)\b|\bskip\s*:\s*true\b|\btodo\s*:\s*true\b|\.skip\(\s*\)/;

const nothingLeft: Rule = {
  name: 'nothing is left for later, and no test is skipped without a reason',
  find: (tree) =>
    scripts(tree, (file) => [
      ...findAll(file, file.text, LATER, 'left for later'),
      ...findAll(file, file.bare, ONLY, 'a test that keeps the others from running'),
      ...findAll(file, file.bare, SKIP, 'a skipped test without a reason'),
    ]),
  planted: [
    { 'src/base/x.ts': `// ${['TO', 'DO'].join('')}: later` },
    { 'src/base/x.test.ts': "test.only('a', () => {});" },
    { 'src/base/x.test.ts': "test('a', { skip: true }, () => {});" },
    { 'src/base/x.test.ts': "test.skip('a', () => {});" },
    { 'src/base/x.test.ts': 't.skip();' },
  ],
  allowed: [{ 'src/base/x.test.ts': "test('a', { skip: 'no browser here' }, () => {});\nt.skip('no browser here');" }],
};

/** Written in two halves, so that this file itself names none of them. */
const OUTSIDE = [['..', 'shared', ''].join('/'), ['', 'work', ''].join('/')];

const standsAlone: Rule = {
  name: 'the project stands alone: it names nothing outside itself',
  find: (tree) =>
    tree.files.flatMap((file) =>
      OUTSIDE.filter((place) => file.text.includes(place)).map((place) => ({
        path: file.path,
        line: lineAt(file.text, file.text.indexOf(place)),
        what: 'names a place outside the project',
      })),
    ),
  planted: [{ 'README.md': `see ${OUTSIDE[0] ?? ''}design` }, { 'docs/x.md': `in ${OUTSIDE[1] ?? ''}main` }],
  allowed: [{ 'README.md': 'see docs/decisions' }],
};

export const shapeRules: readonly Rule[] = [
  fileLength,
  functionLength,
  firstLine,
  readmes,
  folderNames,
  fileNames,
  testsBeside,
  nothingLeft,
  standsAlone,
];
