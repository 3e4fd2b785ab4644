// The functions of PDFium (compiled to WebAssembly) that the room uses, asked for by name and checked once.

import { PDFiumModule } from '@hyzyla/pdfium';

type LoadPdfiumOptions = Parameters<typeof PDFiumModule>[0];

type Call = (...numbers: readonly number[]) => number;

const NAMES = [
  '_FPDF_InitLibrary',
  '_FPDF_DestroyLibrary',
  '_FPDF_LoadMemDocument',
  '_FPDF_GetLastError',
  '_FPDF_CloseDocument',
  '_FPDF_GetPageCount',
  '_FPDF_LoadPage',
  '_FPDF_ClosePage',
  '_FPDF_GetPageWidthF',
  '_FPDF_GetPageHeightF',
  '_FPDFPage_GetRotation',
  '_FPDFPage_CountObjects',
  '_FPDFPage_GetObject',
  '_FPDFPage_GetAnnotCount',
  '_FPDFPage_GetAnnot',
  '_FPDFPage_CloseAnnot',
  '_FPDFAnnot_GetSubtype',
  '_FPDFAnnot_GetFlags',
  '_FPDFPageObj_GetType',
  '_FPDFPageObj_GetBounds',
  '_FPDFPageObj_GetMatrix',
  '_FPDFPageObj_GetFillColor',
  '_FPDFPageObj_HasTransparency',
  '_FPDFPath_GetDrawMode',
  '_FPDFFormObj_CountObjects',
  '_FPDFFormObj_GetObject',
  '_FPDFTextObj_GetTextRenderMode',
  '_FPDFTextObj_GetText',
  '_FPDFImageObj_GetImagePixelSize',
  '_FPDFText_LoadPage',
  '_FPDFText_ClosePage',
  '_FPDFText_CountChars',
  '_FPDFText_GetText',
  '_FPDFText_GetUnicode',
  '_FPDFText_GetCharAngle',
  '_FPDFText_GetLooseCharBox',
  '_FPDFBitmap_CreateEx',
  '_FPDFBitmap_FillRect',
  '_FPDFBitmap_Destroy',
  '_FPDF_RenderPageBitmap',
  '_malloc',
  '_free',
] as const;

export type PdfiumName = (typeof NAMES)[number];

export interface PdfiumCalls {
  readonly call: (name: PdfiumName, ...numbers: readonly number[]) => number;
  /** The memory as it is now: asked for anew after each call that may grow it. */
  readonly memory: () => DataView<ArrayBuffer>;
}

/** What it would say on the console about a file is for nobody. Made anew each time: PDFium makes its machine out of it. */
function silent(): LoadPdfiumOptions {
  const ways: LoadPdfiumOptions & { readonly print: () => void; readonly printErr: () => void } = {
    print: () => undefined,
    printErr: () => undefined,
  };
  return ways;
}

/** A machine of its own with a memory of its own: what one document leaves there, no other can find. */
export async function startPdfium(): Promise<PdfiumCalls> {
  const calls = requireCalls(await PDFiumModule(silent()));
  calls.call('_FPDF_InitLibrary');
  return calls;
}

/** Throws when the package no longer gives what is used here: a mistake of ours, not of a file. */
function requireCalls(module: unknown): PdfiumCalls {
  const given = module as Readonly<Record<string, unknown>>;
  const found = new Map<PdfiumName, Call>();
  for (const name of NAMES) {
    const call = given[name];
    if (typeof call !== 'function') throw new Error(`PDFium has no ${name}`);
    found.set(name, call as Call);
  }
  return {
    call: (name, ...numbers) => found.get(name)?.(...numbers) ?? 0,
    memory: () => {
      const bytes = given['HEAPU8'];
      if (!(bytes instanceof Uint8Array)) throw new Error('PDFium has no memory');
      return new DataView(bytes.buffer as ArrayBuffer);
    },
  };
}
