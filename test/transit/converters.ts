// Which processes of LibreOffice run on this machine: those with a profile of their own, as the workshop starts them.

import { readdirSync, readFileSync } from 'node:fs';

/** Their numbers. */
export function converters(): readonly string[] {
  return processesWith('soffice.bin\0-env');
}

/** Those in whose command line this stands; words are parted by NUL. */
export function processesWith(words: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(words);
    } catch {
      return false;
    }
  });
}
