// The one place where the page's workers meet the client (src/web/client/).

import type { ClientDoor } from './backend.ts';

export const clientDoor: ClientDoor = {
  createEntry: () => {
    throw new Error('the client is not built in');
  },
  openBackend: () => Promise.reject(new Error('the client is not built in')),
  deviceShare: async () => undefined,
};
