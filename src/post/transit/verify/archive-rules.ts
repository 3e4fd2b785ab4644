// Whether a file is PDF/A-2u: the rules of ISO 19005-2 for level U, each with its clause; what is not known here is not agreed to.

import { limits } from '#base/limits.ts';
import { dictsIn, nameOf, type PdfDict } from '#formats/pdf-read/pdf-value.ts';
import { judgeDict } from './archive-dicts.ts';
import { judgeFonts } from './archive-fonts.ts';
import { judgeFrame } from './archive-frame.ts';
import { judgeIntent } from './archive-intent.ts';
import { judgePages } from './archive-pages.ts';
import { judgeValue, type ArchiveFile, type Blame } from './archive-values.ts';
import { judgeClaim } from './archive-xmp.ts';

/** Of the catalogue: what else stands there needs a rule of its own. */
const CATALOG_KEYS = new Set([
  'Type',
  'Version',
  'Pages',
  'Lang',
  'Metadata',
  'OutputIntents',
  'PageLabels',
  'PageLayout',
  'PageMode',
  'ViewerPreferences',
  'Outlines',
  'MarkInfo',
  'StructTreeRoot',
]);

/** Nothing: PDF/A-2u. Never throws for what the file holds. */
export function archiveFaults(file: ArchiveFile): readonly string[] {
  const faults = new Set<string>();
  const blame: Blame = (clause, what) => faults.add(`${clause} ${what}`);
  const { catalog } = file.document;
  if (catalog === undefined || file.missing > 0) return ['6.1.1 a file that cannot be read whole'];
  judgeFrame(file, blame);
  judgeCatalog(file, catalog, blame);
  judgeClaim(file, catalog, blame);
  const covered = judgeIntent(file, catalog, blame);
  const seen = new Set<PdfDict>();
  for (const { value } of file.objects) {
    judgeValue(value, blame, limits.transit.pdfDepthMax);
    for (const dict of dictsIn(value, limits.transit.pdfDepthMax)) {
      if (seen.has(dict)) continue;
      seen.add(dict);
      judgeDict(file, { dict, value, covered }, blame);
    }
  }
  const used = judgePages(file, covered, blame);
  judgeFonts(file, used, blame);
  return [...faults];
}

function judgeCatalog(file: ArchiveFile, catalog: PdfDict, blame: Blame): void {
  const clauses: Readonly<Record<string, string>> = {
    AA: '6.5.2',
    OpenAction: '6.5.1',
    AcroForm: '6.4.1',
    Perms: '6.1.12',
    Names: '6.8',
    OCProperties: '6.9',
    Requirements: '6.11',
    NeedsRendering: '6.4.2',
  };
  for (const key of catalog.entries.keys())
    if (!CATALOG_KEYS.has(key)) blame(clauses[key] ?? '6.1.1', `${key} in the catalogue`);
  const version = nameOf(file.document.ask(catalog, 'Version'));
  if (version !== undefined && !/^1\.[0-7]$/.test(version)) blame('6.1.2', 'a version beyond 1.7');
}
