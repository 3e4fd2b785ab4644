// Rules about what may be done where: SQL, the environment, output, the clock, the platform, the network, destruction.

import type { Rule } from './rule.ts';
import { findAll, isTest, type SourceFile, type SourceTree, type Violation } from './source-tree.ts';

/** The program's own code, without its tests. */
function isProgram(file: SourceFile): boolean {
  return file.path.startsWith('src/') && !isTest(file.path) && /\.(ts|tsx)$/.test(file.path);
}

function findIn(
  tree: SourceTree,
  isMeant: (file: SourceFile) => boolean,
  look: (file: SourceFile) => readonly Violation[],
): readonly Violation[] {
  return tree.files.filter((file) => isMeant(file)).flatMap(look);
}

function outside(...places: readonly string[]): (file: SourceFile) => boolean {
  return (file) => isProgram(file) && !places.some((place) => file.path.startsWith(place));
}

const SQL =
  /[`'"]\s*(?:SELECT\s[^`'"]*\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|(?:CREATE|ALTER)\s+(?:TABLE|INDEX|ROLE|DATABASE|TEMP|UNIQUE)\b)/;
/** directory holds the door's own snapshot, a node:sqlite file fed from the journal. */
const SQL_PLACES = ['src/vault/database/', 'src/vault/directory/', 'src/vault/safeguards/'];

const sql: Rule = {
  name: 'SQL lives in vault/database (and in the door’s directory snapshot)',
  find: (tree) =>
    findIn(tree, outside(...SQL_PLACES), (file) => [
      ...findAll(file, file.code, SQL, 'SQL outside vault/database'),
      ...file.imports
        .filter(({ written, isTypeOnly }) => !isTypeOnly && ['pg', 'kysely', 'node:sqlite'].includes(written))
        .map(({ line, written }) => ({ path: file.path, line, what: `${written} outside vault/database` })),
    ]),
  planted: [
    { 'src/office/x.ts': "query('SELECT id FROM letter WHERE id = $1')" },
    { 'src/post/x.ts': 'query(`INSERT INTO letter VALUES (1)`)' },
    { 'src/programs/x.ts': "import { Client } from 'pg';" },
  ],
  allowed: [
    { 'src/vault/database/x.ts': "query('SELECT id FROM letter')" },
    { 'src/office/x.ts': "// SELECT id FROM letter\nsay('select a letter from the list');" },
  ],
};

const environment: Rule = {
  name: 'the environment is read in base/config only',
  find: (tree) =>
    findIn(tree, outside('src/base/config/'), (file) =>
      findAll(file, file.bare, /\bprocess\s*\.\s*env\b/, 'process.env outside base/config'),
    ),
  planted: [
    { 'src/post/x.ts': 'const port = process.env.PORT;' },
    { 'src/programs/x.ts': 'const env = process . env;' },
  ],
  allowed: [
    { 'src/base/config/read.ts': 'const port = process.env;' },
    { 'src/post/x.ts': '// process.env is for base/config' },
  ],
};

const output: Rule = {
  name: 'output leaves through base/log and programs only',
  find: (tree) =>
    findIn(tree, outside('src/base/log/', 'src/programs/'), (file) =>
      findAll(
        file,
        file.bare,
        /\bconsole\s*\.|\bprocess\s*\.\s*(?:stdout|stderr)\b/,
        'output outside base/log and programs',
      ),
    ),
  planted: [
    { 'src/post/x.ts': "console.log('a letter');" },
    { 'src/web/x.ts': "console.error('x');" },
    { 'src/vault/x.ts': "process.stderr.write('x');" },
  ],
  allowed: [{ 'src/programs/x.ts': "console.log('ready');" }],
};

const clock: Rule = {
  name: 'time and chance come from base',
  find: (tree) =>
    findIn(tree, outside('src/base/', 'src/programs/'), (file) =>
      findAll(
        file,
        file.bare,
        /\bDate\s*\.\s*now\b|\bMath\s*\.\s*random\b|\bnew\s+Date\s*\(\s*\)/,
        'Date.now, new Date() or Math.random outside base',
      ),
    ),
  planted: [
    { 'src/post/x.ts': 'const at = Date.now();' },
    { 'src/web/x.ts': 'const at = new Date();' },
    { 'src/vault/x.ts': 'Math.random()' },
  ],
  allowed: [{ 'src/post/x.ts': 'const at = new Date(clock.nowMs());' }],
};

/** Besides the door itself: the page, and what runs at the user's side. */
const ASKS = ['src/base/outgoing/', 'src/web/', 'src/programs/commands/user/'];
const FETCHES = /(?<![.\w])fetch\s*\(|\bglobalThis\s*\.\s*fetch\b|\bnew\s+(?:WebSocket|EventSource)\b/;
const CLIENTS: ReadonlySet<string> = new Set(['undici', 'http2', 'node:http2']);
const HTTP: ReadonlySet<string> = new Set(['http', 'https', 'node:http', 'node:https']);

/** A server may be made of node:http, a question may not: whatever else is taken from it could ask one. */
function httpClients(file: SourceFile): readonly Violation[] {
  const serves = /\bimport\s*\{(?:\s*(?:type\s+\w+|createServer)(?:\s+as\s+\w+)?\s*,?)*\}\s*from\b/;
  const lines = file.code.split('\n');
  return file.imports
    .filter(({ written, isTypeOnly }) => !isTypeOnly && (CLIENTS.has(written) || HTTP.has(written)))
    .filter(({ written, line }) => {
      const statement = lines.slice(line - 1).join('\n');
      return CLIENTS.has(written) || statement.search(serves) !== statement.search(/\b(?:import|export)\b/);
    })
    .map(({ line, written }) => ({ path: file.path, line, what: `${written} asks for more than a server` }));
}

const network: Rule = {
  name: 'requests to the outside leave through base/outgoing',
  find: (tree) =>
    findIn(tree, outside(...ASKS), (file) => [
      ...findAll(file, file.bare, FETCHES, 'fetch outside base/outgoing, the page and the user’s commands'),
      ...httpClients(file),
    ]),
  planted: [
    { 'src/office/x.ts': "await fetch('https://example.org');" },
    { 'src/post/x.ts': 'const ask = globalThis.fetch;' },
    { 'src/post/x.ts': "import { request } from 'node:https';" },
    { 'src/post/x.ts': "import {\n  createServer,\n  get as ask,\n} from 'node:http';" },
    { 'src/office/x.ts': "import http from 'http';" },
    { 'src/office/x.ts': "import * as https from 'node:https';" },
    { 'src/vault/x.ts': "const { request } = await import('node:https');" },
    { 'src/base/config/x.ts': "import { connect } from 'node:http2';" },
    { 'src/programs/x.ts': "import { Agent } from 'undici';" },
  ],
  allowed: [
    { 'src/web/x.ts': "await fetch('/jmap');" },
    { 'src/base/outgoing/x.ts': "import { request } from 'node:https';" },
    { 'src/office/x.ts': 'await page.fetch(request); app.fetch(request);' },
    { 'src/office/x.ts': "import { createServer as secure, type Server } from 'node:https';" },
    { 'src/office/x.ts': "import type { IncomingMessage } from 'node:http';" },
  ],
};

/** A faster way where the runtime has one, beside the one that browsers take. */
const GUARDED = /if \(typeof Buffer !== '[^']*'\) \{[^}]*\}/g;

const purity: Rule = {
  name: 'formats does no I/O and runs in a browser',
  find: (tree) =>
    findIn(
      tree,
      (file) => isProgram(file) && file.path.startsWith('src/formats/'),
      (file) => [
        ...file.imports
          .filter(({ written }) => written.startsWith('node:'))
          .map(({ line, written }) => ({ path: file.path, line, what: `${written} in formats` })),
        ...findAll(
          file,
          file.bare.replaceAll(GUARDED, (guarded) => guarded.replaceAll('Buffer', '      ')),
          /\b(?:process|Buffer|__dirname|require)\s*[.(]|\bimport\.meta\b/,
          'the platform in formats',
        ),
      ],
    ),
  planted: [
    { 'src/formats/x.ts': "import { readFileSync } from 'node:fs';" },
    { 'src/formats/x.ts': "Buffer.from('x')" },
    { 'src/formats/x.ts': 'process.cwd()' },
  ],
  allowed: [
    { 'src/formats/x.ts': "if (typeof Buffer !== 'undefined') { return Buffer.from(bytes); }" },
    { 'src/formats/x.ts': "// node:fs\nnew TextEncoder().encode('x')" },
  ],
};

/** All files of ours that a browser loads: the page and whatever it imports for more than types. */
function browserFiles(tree: SourceTree): readonly SourceFile[] {
  const byPath = new Map(tree.files.map((file) => [file.path, file]));
  const reached = new Set(tree.files.filter((file) => file.path.startsWith('src/web/') && isProgram(file)));
  for (const file of reached) {
    for (const { file: target, isTypeOnly } of file.imports) {
      const next = target === undefined || isTypeOnly ? undefined : byPath.get(target);
      if (next !== undefined) reached.add(next);
    }
  }
  return [...reached];
}

const browserSafe: Rule = {
  name: 'whatever the page loads runs in a browser',
  find: (tree) =>
    browserFiles(tree).flatMap((file) =>
      file.imports
        .filter(({ written, isTypeOnly }) => written.startsWith('node:') && !isTypeOnly)
        .map(({ line, written }) => ({ path: file.path, line, what: `${written} in a file that the page loads` })),
    ),
  planted: [
    {
      'src/web/x.ts': "import { a } from '#vault/sealing/a.ts';",
      'src/vault/sealing/a.ts': "import { createHash } from 'node:crypto';",
    },
    { 'src/web/x.ts': "import fs from 'node:fs';" },
  ],
  allowed: [
    {
      'src/web/x.ts': "import type { A } from '#vault/sealing/a.ts';",
      'src/vault/sealing/a.ts': "import { createHash } from 'node:crypto';",
    },
  ],
};

const DESTROYS =
  /\bDROP\s+(?:TABLE|DATABASE|SCHEMA|COLUMN)\b|\bTRUNCATE\b(?:\s+TABLE)?\s+\w|\bDELETE\s+FROM\s+[\w."]+\s*(?:;|[`'"]|$)|\.dropTable\(|\.deleteFrom\([^)]*\)\s*\.execute/im;

const destruction: Rule = {
  name: 'nothing is dropped, truncated or deleted wholesale outside vault/safeguards',
  find: (tree) =>
    findIn(
      tree,
      (file) =>
        file.path.startsWith('src/') &&
        !isTest(file.path) &&
        /\.(ts|tsx|sql)$/.test(file.path) &&
        !file.path.startsWith('src/vault/safeguards/'),
      (file) =>
        findAll(
          file,
          file.path.endsWith('.sql') ? file.text.replaceAll(/--[^\n]*/g, '') : file.code,
          DESTROYS,
          'wholesale destruction outside vault/safeguards',
        ),
    ),
  planted: [
    { 'src/vault/database/x.ts': 'query(`DROP TABLE letter`)' },
    { 'src/vault/database/migrations/0002-x.sql': 'TRUNCATE letter;' },
    { 'src/vault/database/x.ts': "query('DELETE FROM letter')" },
    { 'src/vault/database/migrations/0002-x.sql': 'DELETE FROM letter;' },
    { 'src/vault/database/x.ts': "db.deleteFrom('letter').execute()" },
  ],
  allowed: [
    { 'src/vault/database/x.ts': "query('DELETE FROM letter WHERE account_id = $1')" },
    { 'src/vault/database/migrations/0002-x.sql': '-- never DROP TABLE\nCREATE TABLE x (a int);' },
    { 'src/vault/database/x.ts': "db.deleteFrom('letter').where('account_id', '=', id).execute(); file.truncate(0);" },
  ],
};

export const placeRules: readonly Rule[] = [sql, environment, output, clock, network, purity, browserSafe, destruction];
