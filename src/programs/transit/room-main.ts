// The program of the room's own process: the real workshop behind the door.

import { systemClock } from '#base/clock.ts';
import { writeTextPdf } from '#formats/pdf/write-text-pdf.ts';
import { openWorkshop } from './open-workshop.ts';
import { serveRoom } from './room.ts';

serveRoom(async () => {
  const { optimise, sandbox, office } = await openWorkshop(systemClock);
  return { optimise, sandbox: sandbox.kind, office: await office(), writePdf: writeTextPdf };
});
