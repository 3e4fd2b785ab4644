// `siegel kit verify`: whether a copy of the key kit is whole, and whether it is this house’s.

import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { err, ok, type Result } from '#base/result.ts';
import { kitFingerprint } from '#vault/keykit/key-kit.ts';
import { describeReadKit, readKitCopy } from '#vault/keykit/kit-copy.ts';
import { formatDkimKeys, readDkimKeys, type DkimKeyPair } from '#vault/keykit/dkim-keys.ts';
import { KIT_FILE, readKeyKit } from '#vault/keykit/kit-file.ts';
import type { KitCopy } from '#vault/keykit/sealed-kit.ts';
import type { Call, CommandRefusal, Run } from '../command.ts';
import { firstLine } from './kit-export.ts';

export const run: Run = async (call) => {
  const path = call.operands[0] ?? '';
  const read = await readKitAt(call, path);
  if (!read.ok) return read;
  const { kit, dkimKeys, isExact } = read.value;
  const fingerprint = kitFingerprint(kit);
  const running = await readKeyKit(call.config.kitDir);
  const isOfThisHouse = running.ok ? kitFingerprint(running.value) === fingerprint : null;
  const now = await readDkimKeys(call.config.kitDir);
  const signingKeys = compareSigning(dkimKeys, now.ok ? now.value : undefined);
  const lines = [
    `${path} holds a whole key kit: ${fingerprint}`,
    ...(isExact ? [] : ['It is not byte for byte as it was written: write a fresh copy with siegel kit export.']),
    isOfThisHouse === null
      ? 'No running kit to compare it with here.'
      : isOfThisHouse
        ? 'It is the kit of this house.'
        : 'It is NOT the kit that this house runs with now. Write a fresh copy: siegel kit export',
    SIGNING[signingKeys],
  ];
  return ok({
    json: { fingerprint, isExact, isOfThisHouse, signingKeys },
    text: lines.join('\n'),
    isBad: !isExact || isOfThisHouse === false,
  });
};

type Signing = 'none' | 'there' | 'ofNow' | 'ofBefore';

const SIGNING: Readonly<Record<Signing, string>> = {
  none: 'It holds no signing keys (DKIM): a house brought back with it makes new ones, and its DNS records are new. Write a fresh copy: siegel kit export',
  there: 'It holds signing keys (DKIM).',
  ofNow: 'Its signing keys (DKIM) are those of now.',
  ofBefore:
    'Its signing keys (DKIM) are not those of now: they were rotated since. Write a fresh copy: siegel kit export',
};

function compareSigning(copy: readonly DkimKeyPair[] | undefined, now: readonly DkimKeyPair[] | undefined): Signing {
  if (copy === undefined) return 'none';
  if (now === undefined) return 'there';
  return formatDkimKeys(copy) === formatDkimKeys(now) ? 'ofNow' : 'ofBefore';
}

/** A kit in any of its forms; the passphrase, if it needs one, is the first line of standard input. */
export async function readKitAt(call: Call, path: string): Promise<Result<KitCopy, CommandRefusal>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => ({
    code: cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown',
  }));
  if (typeof text !== 'string')
    return err({
      kind: 'refused',
      reason: 'kit-unreadable',
      sentence: `${path} cannot be read (${text.code}). Name the file of the kit.`,
    });
  const plainPassphrase = call.switches.has('passphrase-stdin')
    ? firstLine(await call.terminal.readInput())
    : undefined;
  const read = await readKitCopy(text, plainPassphrase);
  // the running file has its signing keys beside it
  const beside = basename(path) === KIT_FILE ? await readDkimKeys(dirname(path)) : undefined;
  return read.ok
    ? ok(beside?.ok === true && beside.value ? { ...read.value, dkimKeys: beside.value } : read.value)
    : err({ kind: 'refused', reason: read.error.kind, sentence: describeReadKit(read.error, path) });
}
