// Who sees the desk in the navigation; what it shows them the server decides.

import type { SessionInfo } from '../backend.ts';

export function isOfDesk(session: SessionInfo | undefined): boolean {
  return 'clerk officer lawyer'.includes(session?.role ?? '-');
}
