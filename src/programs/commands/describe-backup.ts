// One backup as a line for people.

import type { ResultOf } from '../operator-methods.ts';

export function describeBackup(backup: ResultOf<'backup.verify'>): string {
  const { id, takenMs, verifiedMs, letters, accounts, storedBytes } = backup;
  const taken = new Date(takenMs).toISOString().slice(0, 16).replace('T', ' ');
  const size = `${(storedBytes / 1e6).toFixed(1)} MB`;
  if (verifiedMs === null) return `${id}  ${taken}  ${size}  does not count: it was not restored and found whole`;
  const verified = new Date(verifiedMs).toISOString().slice(0, 16).replace('T', ' ');
  return `${id}  ${taken}  ${size}  verified ${verified}: ${letters ?? 0} letters of ${accounts ?? 0} accounts`;
}
