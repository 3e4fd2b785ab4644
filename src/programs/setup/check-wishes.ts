// Before anything is written: whether what the operator wants can work on this machine.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import type { Config } from '#base/config/read.ts';
import { err, ok, type Result } from '#base/result.ts';
import { describeLoginRefusal, readSmarthostLogin } from '#post/delivery/peer/smarthost-login.ts';
import type { CommandRefusal } from '../command.ts';

/** Sentences for what is right and should still be known. Asked as the user that the service becomes. */
export async function checkWishes(wanted: Config): Promise<Result<readonly string[], CommandRefusal>> {
  if (wanted.smarthostLogin !== undefined) {
    const login = await readSmarthostLogin(wanted.smarthostLogin);
    if (!login.ok) return refuse('smarthost-login', describeLoginRefusal(login.error));
  }
  const backup = checkBackup(wanted);
  if (!backup.ok) return backup;
  const pair = checkPair(wanted);
  if (!pair.ok) return pair;
  const notes = [...backup.value];
  if (wanted.smarthost === undefined)
    notes.push('Letters go direct: many providers close outgoing port 25 until they are asked to open it.');
  if (wanted.tlsCert === undefined && wanted.acme === undefined)
    notes.push(
      'Without a certificate of its own the service takes letters unencrypted, announces no rule of MTA-STS, and mail programs cannot hand letters in.',
    );
  return ok(notes);
}

function checkBackup({ backupDir, dataDir }: Config): Result<readonly string[], CommandRefusal> {
  if (backupDir === undefined) return ok(['No place for backups is set: a lost disk is a lost house until one is.']);
  if (`${backupDir}/`.startsWith(`${dataDir}/`))
    return refuse('backup-dir', `${backupDir} lies in the data folder: it would be lost together with it.`);
  const later = 'The first backup is taken some ten minutes after the start, or by: siegel backup take';
  if (!existsSync(backupDir)) return ok([`The place for backups is made with --apply. ${later}`]);
  try {
    if (!statSync(backupDir).isDirectory()) return refuse('backup-dir', `${backupDir} is not a folder.`);
    accessSync(backupDir, constants.W_OK | constants.X_OK);
  } catch {
    const sentence = `the user of the service may not write in ${backupDir}. Give it to that user, or name another folder.`;
    return refuse('backup-dir', sentence);
  }
  const notes = [`The place for backups can be written to. ${later}`];
  if (existsSync(dataDir) && statSync(dataDir).dev === statSync(backupDir).dev)
    notes.push('It lies on the same disk as the data, so it will not outlive that disk.');
  return ok(notes);
}

function checkPair({ tlsCert, tlsKey }: Config): Result<void, CommandRefusal> {
  if (tlsCert === undefined || tlsKey === undefined) return ok(undefined);
  try {
    const certificate = new X509Certificate(readFileSync(tlsCert));
    if (certificate.checkPrivateKey(createPrivateKey(readFileSync(tlsKey)))) return ok(undefined);
    return refuse('tls-cert', `${tlsKey} is not the key of the certificate ${tlsCert}.`);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    return refuse('tls-cert', `${tlsCert} or ${tlsKey} cannot be read (${code}). Both are PEM files.`);
  }
}

function refuse(reason: string, sentence: string): { readonly ok: false; readonly error: CommandRefusal } {
  return err({ kind: 'refused', reason, sentence });
}
