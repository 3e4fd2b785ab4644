// Which processes of LibreOffice a test has started, through whatever is between; other tests may convert beside it.

import { readdirSync, readFileSync } from 'node:fs';

const WORDS = 'soffice.bin\0-env';

/** Numbers of those that descend from this process: with a profile of their own, as the workshop starts them. */
export function converters(): readonly string[] {
  return processesWith(WORDS).filter((pid) => isOurs(Number(pid)));
}

/** Of these the ones that still run, also where the process between is gone and they are nobody's. */
export function stillConverting(pids: readonly string[]): readonly string[] {
  const left = new Set(processesWith(WORDS));
  return pids.filter((pid) => left.has(pid));
}

function isOurs(pid: number): boolean {
  for (let at = pid; at > 1; at = parentOf(at)) if (at === process.pid) return true;
  return false;
}

/** 0: it is gone. */
function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
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
