// The line between the page and the stand-in client: a journey cuts it with `new BroadcastChannel('fake-line').postMessage(false)` in the page; true puts it back; a number lets that sample arrive.

import type { FakeBackend } from './fake-client.ts';

export function listenToLine(backend: FakeBackend): FakeBackend {
  if (!('WorkerGlobalScope' in globalThis)) return backend;
  new BroadcastChannel('fake-line').addEventListener('message', ({ data }) => {
    if (typeof data === 'number') {
      backend.arrive(data);
      return;
    }
    backend.failing = data === false;
    backend.tell({ kind: 'connection', online: data !== false });
  });
  return backend;
}
