// What the reading role knows: files out of archives and letters, and what each document is.

import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import { Budget } from '../../extract/budget.ts';
import { extractFiles } from '../../extract/extract-files.ts';
import { prepareOffice } from '../../office/prepare-office.ts';
import { countFrames } from '../../page/count-frames.ts';
import { openPdf } from '../../pdf/open-pdf.ts';
import type { Skills } from '../serve-work.ts';

export const readSkills: Skills = {
  extract: async ({ file, foundIn, bounds }) => ok(extractFiles([file], bounds, foundIn)),
  office: async ({ bytes, bounds }) => prepareOffice(bytes, new Budget(bounds)),
  inspect: async ({ kind, bytes }) => {
    if (kind !== 'pdf') return inspectPicture(bytes);
    const opened = await openPdf(bytes);
    if (!opened.ok) return opened;
    const { facts, close } = opened.value;
    close();
    const pages = facts.pages.map(({ kind: pageKind, widthPt, heightPt, dpi }) => ({
      kind: pageKind,
      box: { widthPt, heightPt },
      dpi,
    }));
    const { keep, hasBookmarks } = facts;
    return ok({ pages, keep, attachments: facts.attachments, hasBookmarks });
  },
};

async function inspectPicture(bytes: Uint8Array): ReturnType<NonNullable<Skills['inspect']>> {
  const frames = await countFrames(bytes);
  if (!frames.ok) return frames;
  if (frames.value > limits.transit.pagesMax) return err({ kind: 'tooManyPages' });
  const page = { kind: 'scan', box: undefined, dpi: undefined } as const;
  return ok({ pages: Array.from({ length: frames.value }, () => page), keep: undefined, attachments: [] });
}
