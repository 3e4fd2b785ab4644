// What a page of our files is made of: one bit a pixel for ink, its colours, pictures behind it, words over it. Types only.

/** One bit a pixel, 1 is ink, most significant first, rows padded to whole bytes. */
export interface PdfMask {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** Pixels of the mask, origin top left. */
export interface PdfBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface PdfPicture {
  /** Baseline or progressive, 1, 3 or 4 components. */
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Undefined: the whole page. */
  readonly box: PdfBox | undefined;
}

export interface PdfWord {
  readonly text: string;
  readonly box: PdfBox;
  /** Where its line stands, pixels of the mask from the top. */
  readonly baseline: number;
  /** The next word of its line stands in the same row of a table: readers are kept from parting them, however far off it is. */
  readonly holdsNext?: boolean | undefined;
}

export interface PdfPage {
  readonly widthPt: number;
  readonly heightPt: number;
  readonly mask: PdfMask;
  readonly inks: readonly { readonly box: PdfBox; readonly rgb: readonly [number, number, number] }[];
  readonly grounds: readonly PdfPicture[];
  readonly text: { readonly lines: readonly (readonly PdfWord[])[] };
}

/** How the mask is coded: JBIG2 generic region, or CCITT Group 4 for readers that refuse JBIG2. */
export type MaskCoding = 'jbig2' | 'g4';
