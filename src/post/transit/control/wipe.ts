// Overwrites plaintext that is no longer needed. What the runtime copied meanwhile, and text, it cannot reach: the room's process overwrites those when they are freed (programs/transit/idle-wipe.ts), and the kernel with the process.

export function wipe(arrays: readonly Uint8Array[]): void {
  for (const bytes of arrays) bytes.fill(0);
}
