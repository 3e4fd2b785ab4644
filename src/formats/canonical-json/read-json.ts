// JSON from outside: a value of any shape, or nothing.

/** Undefined: it is no JSON, or no UTF-8. */
export function readJson(from: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof from === 'string' ? from : new TextDecoder('utf-8', { fatal: true }).decode(from));
  } catch {
    return undefined;
  }
}
