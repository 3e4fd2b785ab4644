// `siegel setup`: asks (or takes from its options) what a house on the net needs, shows the plan, writes the options, prints the DNS records.

import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { clockOf, type Config } from '#base/config/read.ts';
import { err, ok, type Result } from '#base/result.ts';
import { reportWordsEn } from '#formats/zone/report-words.ts';
import { zoneLine } from '#formats/zone/zone-record.ts';
import { describeDkimRefusal, openDkimKeys, publishedRecords, type DkimRecord } from '#vault/keykit/dkim-keys.ts';
import type { Call, CommandRefusal, Outcome, Run } from '../command.ts';
import { chooseIdentity, type Identity } from '../drop-privileges.ts';
import { prepareFolder } from '../folders.ts';
import { asUser } from '../server/prepare.ts';
import { checkWishes } from '../setup/check-wishes.ts';
import { publicAddresses } from '../setup/domain-report.ts';
import { givenWishes } from '../setup/given-wishes.ts';
import { hasDkimKeys } from '../setup/has-dkim-keys.ts';
import { houseFacts } from '../setup/house-facts.ts';
import { houseRecords, type HouseRecord } from '../setup/house-records.ts';
import { askWishes, InputEnded, type AskPerson } from '../setup/questions.ts';
import { changeSettings, type SettingsChange } from '../setup/settings-file.ts';
import { recordTable, zoneText } from '../setup/show-report.ts';
import { configOf, settingsOf, type Wishes } from '../setup/wanted-settings.ts';
import { readSettings, writeSettings } from '../setup/write-settings.ts';

export const run: Run = async (call) => {
  const isAsking = !call.json && !call.switches.has('apply') && process.stdin.isTTY;
  if (!isAsking) return setUp(call, undefined);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  try {
    return await setUp(call, (question) => Promise.race([lines.question(question), gone]));
  } catch (cause) {
    if (cause instanceof InputEnded) return refuse('no-answer', 'nothing was changed: a question was left open.');
    throw cause;
  } finally {
    lines.close();
  }
};

/** `ask`: undefined where nobody sits in front. */
export async function setUp(call: Call, ask: AskPerson | undefined): Promise<Outcome> {
  const wishes = ask === undefined ? givenWishes(call) : ok<Wishes>(await askWishes(ask, call.config));
  if (!wishes.ok) return wishes;
  const wanted = configOf(call.config, wishes.value);
  const runAs = chooseIdentity(wanted.runAs);
  if (!runAs.ok) return refuse(runAs.error.kind, runAs.error.sentence);
  const { identity } = runAs.value;
  const notes = await asUser(identity, () => checkWishes(wanted));
  if (!notes.ok) return notes;
  const before = await readSettings(call.configFile);
  if (!before.ok) return before;
  const change = changeSettings(before.value, settingsOf(wanted));
  const plan = planText(call.configFile, change, notes.value);
  if (ask !== undefined) call.terminal.note(`\n${plan}\n`);
  const isWanted = ask === undefined ? call.switches.has('apply') : await isYes(ask);
  if (isWanted) {
    const done = await carryOut({ call, wanted, identity, before: before.value, change });
    if (!done.ok) return done;
  }
  const dkim = await readDkim(wanted);
  if (!dkim.ok) return dkim;
  const records = houseRecords(houseFacts(wanted, wanted.domain, dkim.value), publicAddresses());
  return ok({
    json: {
      file: call.configFile,
      changes: change.difference,
      notes: notes.value,
      isApplied: isWanted,
      hasSigningKeys: dkim.value.length > 0,
      records: records.map(asJson),
    },
    text: resultText({ plan: ask === undefined ? plan : undefined, wanted, records, isWanted, dkim: dkim.value }),
  });
}

async function isYes(ask: AskPerson): Promise<boolean> {
  return /^(?:y|yes|j|ja)$/i.test((await ask('Write this? (yes or no): ')) ?? '');
}

interface Deed {
  readonly call: Call;
  readonly wanted: Config;
  readonly identity: Identity | undefined;
  readonly before: string;
  readonly change: SettingsChange;
}

async function carryOut({ call, wanted, identity, before, change }: Deed): Promise<Result<void, CommandRefusal>> {
  const { dataDir, kitDir, backupDir } = wanted;
  // a folder for backups that is there already stays as it is: others may keep things in it
  const isNew = backupDir !== undefined && !existsSync(backupDir);
  const reached: string[] = [];
  for (const folder of [kitDir, dataDir, ...(isNew ? [backupDir] : [])]) {
    const prepared = prepareFolder(folder, identity);
    if (!prepared.ok) return refuse(prepared.error.kind, prepared.error.sentence);
    reached.push(prepared.value);
  }
  if (change.difference.length > 0) {
    const written = await writeSettings(call.configFile, { before, text: change.text }, identity);
    if (!written.ok) return written;
  }
  const [reachedKit = kitDir] = reached;
  const keys = await asUser(identity, () => openDkimKeys(reachedKit, clockOf(wanted).nowMs()));
  return keys.ok ? ok(undefined) : refuse(keys.error.kind, describeDkimRefusal(keys.error));
}

/** As whoever asks: the folders above may be closed to the user of the service. Looking makes no keys. */
async function readDkim(wanted: Config): Promise<Result<readonly DkimRecord[], CommandRefusal>> {
  if (!hasDkimKeys(wanted.kitDir)) return ok([]);
  const nowMs = clockOf(wanted).nowMs();
  const keys = await openDkimKeys(wanted.kitDir, nowMs);
  return keys.ok ? ok(publishedRecords(keys.value, nowMs)) : refuse(keys.error.kind, describeDkimRefusal(keys.error));
}

function planText(file: string, { difference }: SettingsChange, notes: readonly string[]): string {
  const lines =
    difference.length === 0
      ? [`${file} says all this already.`]
      : [`Changes in ${file}:`, ...difference.map((line) => `  ${line}`)];
  return [...lines, ...notes.map((note) => `! ${note}`)].join('\n');
}

interface Shown {
  readonly plan: string | undefined;
  readonly wanted: Config;
  readonly records: readonly HouseRecord[];
  readonly isWanted: boolean;
  readonly dkim: readonly DkimRecord[];
}

function resultText({ plan, wanted, records, isWanted, dkim }: Shown): string {
  const end = isWanted
    ? [
        'Written. Next:',
        '  1  Publish the records.',
        '  2  Start the service, or start it again.',
        `  3  siegel domain check ${wanted.domain}`,
      ]
    : ['Nothing has changed yet. Run it again with --apply to write this.'];
  return [
    ...(plan === undefined ? [] : [plan, '']),
    `DNS records of ${wanted.domain}, for a zone file:`,
    '',
    zoneText(records),
    '',
    'The same for a panel (name, type, value):',
    '',
    recordTable(records, wanted.domain),
    '',
    ...(dkim.length === 0 ? ['The signing keys are made with --apply; their records are shown then.', ''] : []),
    ...end,
  ].join('\n');
}

function asJson({ kind, record, why, isOptional = false, isOpen = false }: HouseRecord): object {
  return { kind, ...record, line: zoneLine(record), why: reportWordsEn.why[why], isOptional, isOpen };
}

function refuse(reason: string, sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'refused', reason, sentence });
}
