// What the guard keeps about work done above it, in single-user mode, until the book knows.

import type { Session } from './session.ts';

/** Times in ms at which it was noticed and not told yet. */
export async function readBrokenGlass(session: Session): Promise<readonly number[]> {
  if (!session.isGuarded) return [];
  const rows = await session.rows<{ ms: number }>(
    'SELECT floor(extract(epoch FROM noticed_at) * 1000)::int8 AS ms FROM siegel_guard.broken_glass WHERE NOT told ORDER BY 1',
  );
  return rows.map(({ ms }) => ms);
}

/** `owner`: a session of the owner. */
export async function markGlassTold(owner: Session, upToMs: number): Promise<void> {
  await owner.rows(
    'UPDATE siegel_guard.broken_glass SET told = true WHERE noticed_at < to_timestamp(($1::int8 + 1) / 1000.0)',
    [upToMs],
  );
}
