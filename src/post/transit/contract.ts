// What the parts of the transit room say to one another: documents in, pages in work, documents and a report out. Types only.

import type { Profile } from '#formats/transit-wire/profile.ts';

export type { Profile };

export interface SentFile {
  /** As its sender wrote it; not to be trusted. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type FileKind =
  'pdf' | 'jpeg' | 'png' | 'tiff' | 'webp' | 'heic' | 'office' | 'zip' | 'eml' | 'msg' | 'p7s' | 'other';

/** Why a file goes back byte for byte as it came. */
export type KeepReason =
  | 'signed'
  | 'invoice'
  | 'encrypted'
  | 'unknownKind'
  | 'noOffice'
  | 'tooManyPages'
  | 'pictureTooLarge'
  | 'animated'
  | 'expandsTooFar'
  | 'tooDeep'
  | 'tooManyEntries'
  | 'damaged'
  | 'wouldGrow'
  | 'notProved'
  | 'outOfTime'
  | 'workerFailed'
  | 'outOfSpace'
  | 'outOfMemory'
  | 'crashedBefore';

/** Pixels, row by row without padding; 1 channel: 0 black … 255 white; 3: RGB. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
  /** Undefined: a photo knows none. */
  readonly dpi: number | undefined;
}

/** One bit a pixel, 1 is ink, most significant first, rows padded to whole bytes. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

/** A JPEG that is stretched over the page or the box it stands in. */
export interface Picture {
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** In pixels of the mask; undefined: the whole page. */
  readonly box: Box | undefined;
}

/** Pixels of the mask, origin top left. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A page made upright, straight, evenly lit and cut to its paper, in layers. */
export interface CleanPage {
  /** Points; A4 upright or lying for scans and photos of about that shape. */
  readonly widthPt: number;
  readonly heightPt: number;
  /** Of the mask. */
  readonly dpi: number;
  readonly mask: Bitmap;
  /** Flat colours that parts of the mask are painted with; the rest is black. */
  readonly inks: readonly InkColour[];
  /** Pictures, stamps, coloured ground that lie behind the ink. */
  readonly grounds: readonly Picture[];
  /** The same pixels as the mask, for reading. */
  readonly grey: Raster;
  readonly steps: PageSteps;
}

export interface InkColour {
  readonly box: Box;
  readonly rgb: readonly [number, number, number];
}

export interface PageSteps {
  readonly source: 'scan' | 'photo';
  readonly isCropped: boolean;
  readonly turnedDegrees: 0 | 90 | 180 | 270;
  /** Found and straightened, and what a second look still finds. */
  readonly skewDegrees: number;
  readonly skewLeftDegrees: number;
  readonly isLightEvened: boolean;
  /** Of the dark pixels of the evened page, how many the layers still show: 0…1. */
  readonly inkKept: number;
}

export interface Word {
  readonly text: string;
  /** Pixels of `CleanPage.grey`. */
  readonly box: Box;
  /** Where its line stands, same pixels. */
  readonly baseline: number;
  /** 0…100. */
  readonly confidence: number;
  /** The next word of its line stands in the same row of a table, however far off. */
  readonly holdsNext?: boolean | undefined;
}

export interface PageText {
  /** Lines from top to bottom as they are read. */
  readonly lines: readonly (readonly Word[])[];
  /** 0…100, by length of the words; 100 for an empty page. */
  readonly confidence: number;
}

/** One page as the binder needs it. */
export interface MadePage {
  readonly widthPt: number;
  readonly heightPt: number;
  readonly dpi: number;
  readonly mask: Bitmap;
  readonly inks: readonly InkColour[];
  readonly grounds: readonly Picture[];
  readonly text: PageText;
}

/** One of the 16 criteria, by the verifier that shares no library with the maker. */
export interface Criterion {
  /** `parses`, `version`, `fonts`, `searchable`, `text`, `active`, `references`, `size`, `pages`, `upright`, `grew`, `ink`, `jbig2`, `name`, `limits`, `metadata`. */
  readonly name: string;
  readonly isMet: boolean;
  /** What was seen, in a few words with figures; of `version` also "PDF/A-2u", where the file claims it and it is proved. */
  readonly seen: string;
}

export interface PageReport {
  readonly steps: PageSteps | undefined;
  /** 0…100; undefined: the page was kept as it is. */
  readonly confidence: number | undefined;
  readonly tookMs: number;
}

/** An Office document was made a PDF first. */
export interface ConversionReport {
  /** Parts that held macros. */
  readonly macrosRemoved: number;
  /** To pictures, templates and data elsewhere, which would have been fetched. */
  readonly referencesRemoved: number;
  /** Of the PDF as its converter wrote it: what the result must not be larger than. */
  readonly pdfBytes: number;
}

/** `apart`: it cannot share a file; `wholeNotProved`: the verifier did not agree with the whole; `wholeWouldGrow`: the letter would; `tooMuch`: with others it is more than a file may hold. */
export type BesideReason = 'apart' | 'wholeNotProved' | 'wholeWouldGrow' | 'tooMuch';

export interface FileReport {
  readonly oldName: string;
  readonly newName: string;
  readonly kind: FileKind;
  /** Names of the archives and letters it was found in, outermost first. */
  readonly foundIn: readonly string[];
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  readonly pages: readonly PageReport[];
  /** Undefined: it was optimised. */
  readonly kept: KeepReason | undefined;
  readonly conversion?: ConversionReport;
  /** Made new, but not put into the one file that was wished for. */
  readonly beside?: BesideReason;
  readonly criteria: readonly Criterion[];
  /** SHA-256, hex. */
  readonly digestBefore: string;
  readonly digestAfter: string;
}

export interface JobReport {
  readonly files: readonly FileReport[];
  readonly profile: Profile;
  readonly tookMs: number;
}

export interface ReturnedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Index into `JobReport.files`; undefined: an original given back beside (`original`). */
  readonly report: number | undefined;
}

/** The first page of one document before and after, small, for the person who waits; kept by nobody. */
export interface Preview {
  /** Index into `JobReport.files`. */
  readonly report: number;
  /** JPEG. */
  readonly before: Uint8Array;
  /** JPEG or PNG. */
  readonly after: Uint8Array;
}

export interface OptimiseOrder {
  readonly files: readonly SentFile[];
  readonly profile: Profile;
  /** The drop page shows them side by side. */
  readonly wantsPreviews?: boolean;
}

export interface Progress {
  readonly file: string;
  readonly step: 'reading' | 'page' | 'binding' | 'checking' | 'done';
  /** How many are done. */
  readonly page: number;
  readonly pages: number;
}

export interface OptimiseResult {
  readonly files: readonly ReturnedFile[];
  readonly report: JobReport;
  /** Only where they were asked for and could be made. */
  readonly previews?: readonly Preview[];
}

/** The whole workshop as its callers (letter, page, command) see it. Never throws for what a file holds: that stands in the report. */
export type Optimise = (
  order: OptimiseOrder,
  way: { readonly signal: AbortSignal; readonly onProgress: (progress: Progress) => void },
) => Promise<OptimiseResult>;
