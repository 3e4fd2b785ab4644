// The room's process with stand-in workers.

import { serveRoom } from '#programs/transit/room.ts';
import { openWorkerWorkshop } from './worker-workshop.ts';

serveRoom(() => openWorkerWorkshop(false));
