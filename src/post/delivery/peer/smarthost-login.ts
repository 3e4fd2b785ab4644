// User and password for the smarthost: two lines of a file that only its owner can read.

import { readFile, stat } from 'node:fs/promises';
import { err, ok, type Result } from '#base/result.ts';
import type { Credentials } from './sign-in.ts';

export type LoginRefusal = {
  readonly kind: 'loginUnreadable' | 'loginPermissions' | 'loginDamaged';
  readonly path: string;
};

const OTHERS = 0o077;
const CHARACTERS_MAX = 1_000;

export async function readSmarthostLogin(path: string): Promise<Result<Credentials, LoginRefusal>> {
  let text: string;
  try {
    if (((await stat(path)).mode & OTHERS) !== 0) return err({ kind: 'loginPermissions', path });
    text = await readFile(path, 'utf8');
  } catch {
    return err({ kind: 'loginUnreadable', path });
  }
  const [user = '', plainPassword = '', ...rest] = text.replace(/(?:\r?\n)+$/, '').split(/\r?\n/);
  const isGood = user !== '' && plainPassword !== '' && rest.length === 0 && text.length < CHARACTERS_MAX;
  return isGood && !text.includes('\0') ? ok({ user, plainPassword }) : err({ kind: 'loginDamaged', path });
}

/** What happened and what to do. */
export function describeLoginRefusal({ kind, path }: LoginRefusal): string {
  switch (kind) {
    case 'loginUnreadable':
      return `The smarthost's login ${path} cannot be read. Give the file to the user that runs Siegel, or correct SIEGEL_SMARTHOST_LOGIN.`;
    case 'loginPermissions':
      return `${path} holds a password and may be read by others. Run: chmod 600 '${path}'`;
    case 'loginDamaged':
      return `${path} must hold two lines: the user's name at the smarthost, then the password.`;
    default:
      return kind satisfies never;
  }
}
