// `siegel kit export`: a copy of the key kit to keep elsewhere, sealed with a passphrase or for paper.

import { open } from 'node:fs/promises';
import { err, ok } from '#base/result.ts';
import { describeDkimRefusal, readDkimKeys } from '#vault/keykit/dkim-keys.ts';
import { kitFingerprint } from '#vault/keykit/key-kit.ts';
import { readKeyKit } from '#vault/keykit/kit-file.ts';
import { describeKitRefusal } from '#vault/keykit/kit-refusals.ts';
import { printKit } from '#vault/keykit/printed-kit.ts';
import { sealKit, type KitKeys } from '#vault/keykit/sealed-kit.ts';
import type { Call, Outcome, Run } from '../command.ts';

const PASSPHRASE_CHARACTERS_MIN = 12;

export const run: Run = async (call) => {
  const kit = await readKeyKit(call.config.kitDir);
  if (!kit.ok) return refuse(kit.error.kind, describeKitRefusal(kit.error));
  const to = call.options['to'] ?? '';
  const dkim = await readDkimKeys(call.config.kitDir);
  if (!dkim.ok) return refuse(dkim.error.kind, describeDkimRefusal(dkim.error));
  const keys = { kit: kit.value, dkimKeys: dkim.value };
  const text = call.switches.has('printable') ? printKit(keys) : await sealed(call, keys);
  if (typeof text !== 'string') return text;
  const written = await writeNew(to, text);
  if (written !== undefined) return written;
  const fingerprint = kitFingerprint(kit.value);
  return ok({
    json: { file: to, fingerprint, hasSigningKeys: dkim.value !== undefined },
    text: `The key kit (${fingerprint}) is in ${to}. Take it off this machine, apart from the backups, and check it there: siegel kit verify FILE`,
  });
};

async function sealed(call: Call, keys: KitKeys): Promise<string | Outcome> {
  if (!call.switches.has('passphrase-stdin')) {
    const sentence =
      'Give the passphrase on standard input with --passphrase-stdin, or ask for paper with --printable.';
    return err({ kind: 'misused', sentence });
  }
  const plainPassphrase = firstLine(await call.terminal.readInput());
  if (Array.from(plainPassphrase).length < PASSPHRASE_CHARACTERS_MIN)
    return refuse(
      'short-passphrase',
      `The passphrase needs at least ${PASSPHRASE_CHARACTERS_MIN} characters. Nothing was written.`,
    );
  return sealKit(keys, plainPassphrase);
}

export function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/\r$/, '') ?? '';
}

/** Never over a file that is there. Undefined: it is on the disk. */
async function writeNew(path: string, text: string): Promise<Outcome | undefined> {
  try {
    await using file = await open(path, 'wx', 0o600);
    await file.writeFile(text);
    await file.sync();
    return undefined;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    return refuse(
      'not-written',
      `${path} was not written (${code}). Name a file that is not there yet, in a folder you may write to.`,
    );
  }
}

function refuse(reason: string, sentence: string): Outcome {
  return err({ kind: 'refused', reason, sentence });
}
