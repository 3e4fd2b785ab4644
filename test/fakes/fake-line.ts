// The line between the page and the stand-in client: a journey cuts it with `new BroadcastChannel('fake-line').postMessage(false)` in the page; true puts it back.

import type { FakeBackend } from './fake-client.ts';

export function listenToLine(backend: FakeBackend): void {
  if (!('WorkerGlobalScope' in globalThis)) return;
  new BroadcastChannel('fake-line').addEventListener('message', ({ data }) => {
    backend.failing = data === false;
    backend.tell({ kind: 'connection', online: data !== false });
  });
}
