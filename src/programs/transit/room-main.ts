// The program of the room's own process: the real workshop behind the door.

import { writeTextPdf } from '#formats/pdf/write-text-pdf.ts';
import { makeOptimise } from '#post/transit/workshop/make-optimise.ts';
import { serveRoom } from './room.ts';

serveRoom(async () => ({ optimise: await makeOptimise(), writePdf: writeTextPdf }));
