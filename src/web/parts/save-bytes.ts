// Saves bytes of this page as a file: always as a download, never opened as a page of ours.

import { safeFileName } from '../letter/safe-name.ts';

const KEPT_MS = 60_000;

export function saveBytes(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = safeFileName(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
