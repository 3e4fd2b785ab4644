// Overwrites plaintext that is no longer needed. What the runtime copied meanwhile, and text, it cannot reach: the kernel wipes those with the process.

export function wipe(arrays: readonly Uint8Array[]): void {
  for (const bytes of arrays) bytes.fill(0);
}
