// `siegel restore`: a house on an empty machine, out of a backup and the key kit; no program needs to run.

import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { clockOf } from '#base/config/read.ts';
import { createLog } from '#base/log/log.ts';
import { ok } from '#base/result.ts';
import { KIT_FILE } from '#vault/keykit/kit-file.ts';
import { PlaceProblem } from '#vault/safeguards/backup/place.ts';
import { explainBackup } from '#vault/safeguards/backup/refusals.ts';
import type { Run } from '../command.ts';
import { chooseIdentity } from '../drop-privileges.ts';
import { chooseBackup, refuse } from '../restore/choose-backup.ts';
import { checkTarget, restoreHouse } from '../restore/restore-house.ts';
import { readKitAt } from './kit-verify.ts';

export const run: Run = async (call) => {
  const { config, options, switches, terminal } = call;
  const to = resolve(options['to'] ?? '');
  const kit = await readKitAt(call, kitFileOf(options['kit'] ?? ''));
  if (!kit.ok) return kit;
  const chosen = await choose(options['backup'] ?? '', kit.value.kit, config);
  if (!chosen.ok) return chosen;
  const { manifest } = chosen.value;
  const target = await checkTarget({ to, manifest });
  if (!target.ok) return target;
  const kitDir = to === resolve(config.dataDir) ? config.kitDir : `${to}-kit`;
  const isApplied = switches.has('apply');
  const facts = {
    backup: manifest.id,
    takenMs: manifest.takenMs,
    isVerified: manifest.verifiedMs !== null,
    record: manifest.journal.key.seq,
    letters: manifest.ledger?.letters ?? null,
    accounts: manifest.ledger?.accounts ?? null,
    to,
    kitDir,
    hasSigningKeys: kit.value.dkimKeys !== undefined,
    isApplied,
  };
  const plan = planText(facts);
  if (!isApplied) return ok({ json: facts, text: `${plan}\nNothing was written. Run it again with --apply to do it.` });
  const runAs = chooseIdentity(config.runAs);
  if (!runAs.ok) return refuse(runAs.error.kind, runAs.error.sentence);
  const done = await restoreHouse({
    ...chosen.value,
    to,
    kitDir,
    kit: kit.value.kit,
    dkimKeys: kit.value.dkimKeys,
    identity: runAs.value.identity,
    clock: clockOf(config),
    log: createLog(config.log),
    tell: (what) => (call.json ? undefined : terminal.note(what)),
  });
  if (!done.ok) return done;
  return ok({
    json: facts,
    text: `${plan}\nDone, and everything in it was tried. Start it: ./siegel start --data-dir ${to} --kit-dir ${kitDir}`,
  });
};

/** A place that cannot be read is said, not thrown. */
async function choose(...what: Parameters<typeof chooseBackup>): ReturnType<typeof chooseBackup> {
  try {
    return await chooseBackup(...what);
  } catch (cause) {
    if (!(cause instanceof PlaceProblem)) throw cause;
    return refuse(cause.kind, explainBackup({ kind: cause.kind, place: cause.place, code: cause.code }));
  }
}

interface Facts {
  readonly backup: string;
  readonly takenMs: number;
  readonly isVerified: boolean;
  readonly record: number;
  readonly letters: number | null;
  readonly accounts: number | null;
  readonly to: string;
  readonly kitDir: string;
  readonly hasSigningKeys: boolean;
}

function planText(facts: Facts): string {
  const { backup, takenMs, isVerified, record, letters, accounts, to, kitDir, hasSigningKeys } = facts;
  const size = isVerified
    ? `${letters ?? 0} letters of ${accounts ?? 0} accounts`
    : 'never restored and checked before';
  return [
    `Backup ${backup} of ${new Date(takenMs).toISOString()}: ${size}, up to record ${record}.`,
    `It is built and checked in ${to}.partial, then named ${to}; the key kit goes to ${kitDir}.`,
    hasSigningKeys
      ? 'Letters are signed as before (DKIM): its DNS records stay.'
      : 'The copy of the kit holds no signing keys (DKIM): new ones are made at the start. What to publish: siegel domain check',
    'Nobody stays signed in, app passwords end, mail programs load again. Letters that waited to leave are not sent; what came after the copy is not in it.',
  ].join('\n');
}

/** The kit’s folder may be named too. */
function kitFileOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? join(path, KIT_FILE) : path;
}
