// The room's process with the mistake that tests must find: one worker for many jobs.

import { serveRoom } from '#programs/transit/room.ts';
import { openWorkerWorkshop } from './worker-workshop.ts';

serveRoom(() => openWorkerWorkshop(true));
