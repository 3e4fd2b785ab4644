// What the verifier is told of a file: what went in and what its maker says to have done. Types only.

/** What is expected of one page of the result. */
export interface PageExpectation {
  /** `a4`: upright or lying, ± 2 pt; else the box in points as a reader sees it, ± 2 pt. */
  readonly box: 'a4' | { readonly widthPt: number; readonly heightPt: number };
  /** The text that the maker wrote, words parted by blanks; undefined: none is expected (picture only, empty page). */
  readonly plainText: string | undefined;
  /** 0…1, by the maker’s guard; 1 for pages kept as they were. */
  readonly inkKept: number;
  /** Share of the mask that is ink, 0…1; undefined: kept page, or not known. */
  readonly inkShare: number | undefined;
  /** Degrees by the maker; undefined: kept as it was, not measured. */
  readonly skewLeft: number | undefined;
  /** Page (from 0) of `source` that it must look like; undefined: made anew. */
  readonly keptFrom: number | undefined;
  /** Kept from a file of `parts`, whose maker found no words on it. */
  readonly isWordless?: boolean;
  /** Page (from 0) of `source` that it was made from; undefined: of a picture with one page, or the only page. */
  readonly madeFrom?: number | undefined;
}

/** What the verifier saw of a file that came while its pages were made. */
export interface SourceGlance {
  readonly pages: number;
  /** How each page looks, one behind the other (own-order.ts). */
  readonly thumbs: Uint8Array;
}

export interface Expectation {
  readonly producer: 'writer' | 'rewriter';
  readonly pages: readonly PageExpectation[];
  /** The PDF, TIFF or HEIC that came: its pages are counted, and those with `keptFrom` or `madeFrom` compared. */
  readonly source: Uint8Array | undefined;
  /** In place of `source`, what was seen of it before: enough for pages with `madeFrom`. */
  readonly glance?: SourceGlance | undefined;
  /** The files it was put together from: their pages, one behind the other, are what `keptFrom` counts. */
  readonly parts?: readonly Uint8Array[];
  readonly bytesBefore: number;
  readonly newName: string;
}
