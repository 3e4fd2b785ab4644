// The room's process with a tiny workshop, for tests of everything around it: the real door, controller, store and locks.

import { serveRoom } from '#programs/transit/room.ts';
import { openTinyWorkshop } from './tiny-workshop.ts';

serveRoom(openTinyWorkshop);
