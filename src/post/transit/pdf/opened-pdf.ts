// What the room knows of a PDF that came: what must not be touched, what each page is, and pictures of its pages. Types only.

import type { Result } from '#base/result.ts';
import type { KeepReason, Raster, SentFile } from '../contract.ts';

/** A refusal of this folder: its kind is the reason for which the file goes back as it came. */
export interface PdfRefusal {
  readonly kind: KeepReason;
}

/**
 * `scan`: pictures cover the page and nothing else is seen on it (an old invisible text layer does not count);
 * `born`: text or lines that a program drew; `mixed`: both, or pictures that do not cover; `empty`: nothing is drawn.
 */
export type PageKind = 'scan' | 'born' | 'mixed' | 'empty';

export interface PdfPage {
  /** As a reader sees it: crop box, turned by `rotation`. */
  readonly widthPt: number;
  readonly heightPt: number;
  readonly rotation: 0 | 90 | 180 | 270;
  readonly kind: PageKind;
  /** What a scan is to be rendered with: its picture's own resolution, within 72 … 400; 300 where there is none. */
  readonly dpi: number;
  /** Letters that are seen: without those of an invisible layer. */
  readonly hasVisibleText: boolean;
}

export interface PdfFacts {
  readonly version: string;
  readonly pages: readonly PdfPage[];
  readonly isSigned: boolean;
  readonly isInvoice: boolean;
  /** Scripts, launches, actions that run by themselves, forms actions, attachments, XFA, media. */
  readonly hasActive: boolean;
  /** The cross-reference was wrong and the objects were found by looking at every byte. */
  readonly isMended: boolean;
  /** A new file of new pages would not have them: then the pages are put into the one that came. */
  readonly hasBookmarks: boolean;
  /** Files inside the file: `cleanPdf` and `joinPages` leave them out, so serve them as files of their own. */
  readonly attachments: readonly SentFile[];
  /** Set: send the file back as it came, with this reason. */
  readonly keep: KeepReason | undefined;
}

export interface OpenedPdf {
  readonly facts: PdfFacts;
  /** Page from 0; upright as a reader sees it, annotations drawn in; one channel where no pixel has a colour. */
  readonly render: (page: number, dpi: number) => Result<Raster, PdfRefusal>;
  readonly close: () => void;
}
