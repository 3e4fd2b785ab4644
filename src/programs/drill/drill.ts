// `npm run drill`: replays what went wrong elsewhere on scratch houses in a folder of its own; never on a house that lives.

import { mkdtempSync, rmSync } from 'node:fs';
import { chownSync, accessSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { programDir, readConfig } from '#base/config/read.ts';
import { prepareBinaries } from '#vault/database/postgres/binaries.ts';
import { becomeUser, chooseIdentity } from '../drop-privileges.ts';
import { openDrillFolder } from './drill-folder.ts';
import { replayLine } from './describe-drill.ts';
import { runDrill } from './run-drill.ts';
import { DRILL_PREFIX, sweepDrills } from './sweep-drills.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** Each replay as a line of JSON as soon as it is done; for the program that started it. */
    lines: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
    dir: { type: 'string' },
  },
});

function refuse(sentence: string): never {
  if (values.json) console.log(JSON.stringify({ refused: sentence }));
  else console.error(sentence);
  process.exit(1);
}

const config = readConfig();
const houses = config.ok ? [config.value.dataDir, config.value.kitDir] : [];
const parent = values.dir;
if (parent === undefined) await sweepDrills(tmpdir());
const folder = parent ?? mkdtempSync(join(tmpdir(), DRILL_PREFIX));
const opened = await openDrillFolder(folder, { houses });
if (!opened.ok) refuse(opened.error.sentence);

const runAs = chooseIdentity(config.ok ? config.value.runAs : undefined);
if (!runAs.ok) refuse(runAs.error.sentence);
const { identity } = runAs.value;
const binaries = prepareBinaries([folder], identity && { uid: identity.uid, gid: identity.gid });
if (!binaries.ok) refuse(binaries.error.sentence);
if (identity !== undefined) {
  chownSync(folder, identity.uid, identity.gid);
  becomeUser(identity);
  try {
    accessSync(join(programDir, 'package.json'));
  } catch {
    refuse(
      `The user ${identity.name} cannot read ${programDir}, so no drill can run from there. Let him, or run it as yourself.`,
    );
  }
}

const report = await runDrill({
  folder,
  machine: { native: binaries.value.native },
  form: values.full ? 'full' : 'short',
  only: values.only?.split(','),
  onReplay: (replay, done, total) => {
    if (values.lines) console.log(JSON.stringify({ done, total, replay }));
    else if (!values.json) console.log(replayLine(replay));
  },
});
if (values.json || values.lines) console.log(JSON.stringify(report, null, values.lines ? 0 : 2));
else
  console.log(`${report.passed ? 'Passed' : 'NOT PASSED'}: ${report.replays.length} replays in ${report.seconds} s.`);
try {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
} catch {
  // its parent belongs to somebody else: emptied it is
}
process.exitCode = report.passed ? 0 : 1;
