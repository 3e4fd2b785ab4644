// What the binding role knows: made pages into a file of their own, or among pages that stay as they were.

import { ok } from '#base/result.ts';
import { writeClaimedPdf } from '#formats/pdf/write-pdf.ts';
import type { Skills } from '../serve-work.ts';

/** What rewrites PDFs is large, and loaded only where there is one to rewrite. */
export const bindSkills: Skills = {
  bind: async ({ coding, made, source }) => {
    if (source === undefined) {
      const pages = made.map(({ page }) => page);
      return ok(writeClaimedPdf(pages, { coding }));
    }
    if (made.length === 0) {
      const { cleanPdf } = await import('../../pdf/clean-pdf.ts');
      const cleaned = await cleanPdf(source);
      return cleaned.ok ? ok({ bytes: cleaned.value, unclaimed: undefined }) : cleaned;
    }
    const replaced = new Map(made.map(({ index, page }) => [index, page]));
    const { joinPages } = await import('../../pdf/join-pages.ts');
    const joined = await joinPages({ source, replaced, coding });
    return joined.ok ? ok({ bytes: joined.value, unclaimed: undefined }) : joined;
  },
  merge: async ({ parts, isClaimed }) => {
    const { mergePdfs } = await import('../../pdf/merge-pdfs.ts');
    return mergePdfs(parts, { isClaimed });
  },
};
