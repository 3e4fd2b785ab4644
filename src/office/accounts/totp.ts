// Time-based one-time codes: six digits, 30 seconds, one step of tolerance (RFC 6238 on RFC 4226 §5.3, HMAC-SHA-1).

import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_MS = 30_000;
const DIGITS = 6;
const TOLERANCE_STEPS = 1;
export const TOTP_SECRET_BYTES_MIN = 16; // RFC 4226 §4 R6: at least 128 bits

/** The code of one time step. */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** DIGITS).padStart(DIGITS, '0');
}

export function totpStep(nowMs: number): number {
  return Math.floor(nowMs / STEP_MS);
}

/** The step whose code this is, later than `lastStep` and at most one away from now; undefined when there is none. */
export function findTotpStep(secret: Uint8Array, code: string, nowMs: number, lastStep: number): number | undefined {
  const now = totpStep(nowMs);
  const given = Buffer.from(code);
  let found: number | undefined;
  for (let step = now - TOLERANCE_STEPS; step <= now + TOLERANCE_STEPS; step++) {
    const wanted = Buffer.from(totpCode(secret, step));
    if (given.length === wanted.length && timingSafeEqual(given, wanted) && step > lastStep) found = step;
  }
  return found;
}
