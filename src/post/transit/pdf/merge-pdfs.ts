// Finished PDFs one behind the other in one file, each with a bookmark; their pages, pictures and inner bookmarks as they are.

import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFHeader,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFObjectCopier,
  PDFRef,
  type PDFContext,
  type PDFPage,
} from '@cantoo/pdf-lib';
import { err, ok, type Result } from '#base/result.ts';
import { claimArchive } from './claim-archive.ts';
import { sweep } from './clean-objects.ts';
import type { PdfRefusal } from './opened-pdf.ts';
import { shareEqual } from './share-equal.ts';

export interface PartToMerge {
  readonly bytes: Uint8Array;
  /** Of its bookmark, below those of the archives it came in. */
  readonly title: string;
  readonly foundIn: readonly string[];
}

/** A bookmark before it is put; leads to the page. */
interface Mark {
  readonly title: string;
  readonly page: PDFRef;
  readonly inside: Mark[];
  /** The document's own bookmarks, already in the new file. */
  readonly own: PDFRef | undefined;
  readonly isArchive: boolean;
}

/** What belongs to a document as a whole, and would be lost or mixed up in company: fields, layers, destinations by name. */
const WHOLE = ['AcroForm', 'OCProperties', 'Dests', 'Names', 'Collection'];

export interface MergedPdf {
  readonly bytes: Uint8Array;
  /** Places of those that are in it: a document that cannot share a file with others is left out. */
  readonly taken: readonly number[];
}

/** The same bytes for the same bytes. Never throws for what the files hold. `isClaimed`: it says that it is PDF/A-2u, which a checker has yet to agree to. */
export async function mergePdfs(
  parts: readonly PartToMerge[],
  { isClaimed } = { isClaimed: false },
): Promise<Result<MergedPdf, PdfRefusal>> {
  try {
    const merged = await PDFDocument.create({ updateMetadata: false });
    const { context, catalog } = merged;
    const tree = catalog.get(PDFName.of('Pages'));
    if (!(tree instanceof PDFRef)) return err({ kind: 'notProved' });
    const kids = PDFArray.withContext(context);
    const marks: Mark[] = [];
    const taken: number[] = [];
    for (const [index, part] of parts.entries()) {
      const source = await PDFDocument.load(part.bytes, { updateMetadata: false, throwOnInvalidObject: true });
      if (mustStandAlone(source)) continue;
      taken.push(index);
      const copier = PDFObjectCopier.for(source.context, context);
      const pages = source.getPages().map((page) => takePage(page, { copier, context, tree }));
      for (const page of pages) kids.push(page);
      const [first] = pages;
      if (first !== undefined) placeMark(marks, part, { page: first, own: ownMarks(source, copier) });
    }
    catalog.Pages().set(PDFName.of('Kids'), kids);
    catalog.Pages().set(PDFName.of('Count'), PDFNumber.of(kids.size()));
    catalog.set(PDFName.of('Outlines'), putMarks(context, marks));
    catalog.set(PDFName.of('PageMode'), PDFName.of('UseOutlines'));
    const root = context.trailerInfo.Root;
    if (root === undefined) return err({ kind: 'notProved' });
    context.trailerInfo = { Root: root };
    context.header = PDFHeader.forVersion(1, 7);
    shareEqual(context);
    sweep(context);
    if (isClaimed) claimArchive(context, catalog);
    const bytes = await merged.save({
      useObjectStreams: true,
      addDefaultPage: false,
      updateFieldAppearances: false,
      rewrite: true,
    });
    return ok({ bytes, taken });
  } catch {
    return err({ kind: 'notProved' });
  }
}

function mustStandAlone({ catalog }: PDFDocument): boolean {
  return WHOLE.some((key) => catalog.has(PDFName.of(key)));
}

/** Under a number of its own before it is copied, so that links to it from other pages arrive at it. */
function takePage(
  { ref, node }: PDFPage,
  into: { readonly copier: PDFObjectCopier; readonly context: PDFContext; readonly tree: PDFRef },
): PDFRef {
  const { copier, context, tree } = into;
  for (const key of ['StructParents', 'B']) node.delete(PDFName.of(key));
  const copied = copier.copy(ref);
  const page = context.lookup(copied, PDFDict);
  page.set(PDFName.of('Parent'), tree);
  return copied;
}

/** The root of a document's bookmarks, which becomes the bookmark of the document itself. */
function ownMarks({ catalog, context }: PDFDocument, copier: PDFObjectCopier): PDFRef | undefined {
  const root = catalog.get(PDFName.of('Outlines'));
  const has = context.lookup(root);
  if (!(root instanceof PDFRef) || !(has instanceof PDFDict) || !has.has(PDFName.of('First'))) return undefined;
  return copier.copy(root);
}

/** Archives and letters are levels; one that comes again right behind itself is the same. */
function placeMark(marks: Mark[], part: PartToMerge, of: Pick<Mark, 'page' | 'own'>): void {
  let level = marks;
  for (const title of part.foundIn) {
    const last = level.at(-1);
    const isSame = last?.title === title && last.isArchive;
    const next: Mark = isSame ? last : { title, page: of.page, inside: [], own: undefined, isArchive: true };
    if (!isSame) level.push(next);
    level = next.inside;
  }
  level.push({ title: part.title, ...of, inside: [], isArchive: false });
}

/** §12.3.3; without actions: each bookmark has a destination. */
function putMarks(context: PDFContext, marks: readonly Mark[]): PDFRef {
  const root = context.nextRef();
  const dict = context.obj({ Type: 'Outlines' });
  context.assign(root, dict);
  linkMarks(context, marks, { ref: root, dict });
  dict.set(PDFName.of('Count'), PDFNumber.of(countMarks(marks)));
  return root;
}

function linkMarks(
  context: PDFContext,
  marks: readonly Mark[],
  above: { readonly ref: PDFRef; readonly dict: PDFDict },
): void {
  const refs = marks.map(({ own }) => own ?? context.nextRef());
  marks.forEach((mark, index) => {
    const ref = refs[index];
    if (ref === undefined) return;
    const dict = mark.own === undefined ? context.obj({}) : context.lookup(ref, PDFDict);
    for (const key of ['Type', 'Count']) dict.delete(PDFName.of(key));
    dict.set(PDFName.of('Title'), PDFHexString.fromText(mark.title));
    dict.set(PDFName.of('Parent'), above.ref);
    dict.set(PDFName.of('Dest'), context.obj([mark.page, 'Fit']));
    const [before, after] = [refs[index - 1], refs[index + 1]];
    if (before !== undefined) dict.set(PDFName.of('Prev'), before);
    if (after !== undefined) dict.set(PDFName.of('Next'), after);
    if (mark.own === undefined) context.assign(ref, dict);
    // a document's own bookmarks are shut until somebody opens them
    else dict.set(PDFName.of('Count'), PDFNumber.of(-countBelow(context, dict)));
    if (mark.inside.length > 0) {
      linkMarks(context, mark.inside, { ref, dict });
      dict.set(PDFName.of('Count'), PDFNumber.of(countMarks(mark.inside)));
    }
  });
  const [first, last] = [refs[0], refs.at(-1)];
  if (first !== undefined) above.dict.set(PDFName.of('First'), first);
  if (last !== undefined) above.dict.set(PDFName.of('Last'), last);
}

/** Those that are seen: all but the own ones of documents. */
function countMarks(marks: readonly Mark[]): number {
  return marks.reduce((sum, { inside }) => sum + 1 + countMarks(inside), 0);
}

/** Of the first level. */
function countBelow(context: PDFContext, dict: PDFDict): number {
  const seen = new Set<PDFDict>();
  for (let next = context.lookup(dict.get(PDFName.of('First'))); next instanceof PDFDict && !seen.has(next);) {
    seen.add(next);
    next = context.lookup(next.get(PDFName.of('Next')));
  }
  return seen.size;
}
