// The name under which a request asks for us (RFC 9110 §7.2).

import type { Context } from 'hono';

/** Lower case, without a port. */
export function hostOf(context: Context): string {
  return (context.req.header('host') ?? '').replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
}
