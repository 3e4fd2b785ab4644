// GET /transparency: the report as a page without script, as the bytes that were signed, as a table; its signatures, errata, schema and the log of the register.

import { Hono, type Context } from 'hono';
import { limits } from '#base/limits.ts';
import type { CalendarDay } from '#formats/desk/model.ts';
import { languageLinks } from '../trust/language-links.ts';
import { BARE_FRAME } from '../trust/plain-frame.ts';
import { errataDocument } from '../desk/page/errata-document.ts';
import { matrixDocument } from '../desk/page/matrix-document.ts';
import { joinedArmor, newestOf, type PublishedReport, type PublishedYear } from '../desk/page/published.ts';
import { statementDocument } from '../desk/page/statement-document.ts';
import { transparencyDocument, type PageDocument } from '../desk/page/transparency-document.ts';
import { reportCsv } from '../desk/report/report-csv.ts';
import { reportDigest } from '../desk/report/report.ts';
import type { PublishedStatement } from '../desk/statement/read-statements.ts';
import { statementDigest } from '../desk/statement/statement.ts';
import { pageHeaders } from './page-headers.ts';
import { answerPlainPage } from './plain-page.ts';
import { problem } from './problem.ts';

export interface TransparencyParts {
  /** The built frame; undefined: not built. */
  readonly frame: string | undefined;
  /** Newest year first. */
  readonly published: () => Promise<readonly PublishedYear[]>;
  /** Leaves of the register in order, from one on; hex. */
  readonly leaves: (from: number, count: number) => Promise<readonly string[]>;
  /** JSON Schema of a report. */
  readonly schema: string;
  /** The newest standing statement and the day it is; undefined: there is none. */
  readonly statement: () => Promise<
    { readonly published: PublishedStatement; readonly today: CalendarDay } | undefined
  >;
  /** The receipt of the house's book for what has this hash; undefined: there is none (yet). */
  readonly receipt: (of: {
    readonly kind: 'transparency-report' | 'standing-statement';
    readonly sha256: string;
  }) => Promise<string | undefined>;
}

const FILE = /^(\d{4})\.(json|csv|asc|keys|receipt)$/;
const STATEMENT_FILE = /^statement\.(json|asc|keys|receipt)$/;
const JSON_TYPE = 'application/json; charset=utf-8';

/** Mounted at /. */
export function createTransparencyRoutes(parts: TransparencyParts): Hono {
  const { frame = BARE_FRAME, published, schema } = parts;
  const app = new Hono();
  const page = async (context: Context, year: string | undefined): Promise<Response> => {
    const all = await published();
    const shown = year === undefined ? all[0] : findYear(all, year);
    if (shown === undefined && (year !== undefined || all.length > 0)) return problem('notFound');
    const of = shown && { shown, years: all.map((one) => one.year) };
    return answerPlainPage(context, frame, (language) => withLinks(transparencyDocument(of, language), language));
  };
  app.get('/transparency', (context) => page(context, context.req.query('year')));
  app.get('/transparency/matrix', (context) =>
    answerPlainPage(context, frame, (language) => withLinks(matrixDocument(language), language)),
  );
  app.get('/transparency/statement', async (context) => {
    const of = await parts.statement();
    return answerPlainPage(context, frame, (language) => withLinks(statementDocument(of, language), language));
  });
  app.get('/transparency/log', async ({ req }) => logPage(parts, req.query('from') ?? '0'));
  app.get('/transparency/schema.json', () => answer(schema, 'application/schema+json; charset=utf-8'));
  app.get('/transparency/:year/errata', async (context) => {
    const shown = findYear(await published(), context.req.param('year'));
    if (shown === undefined) return problem('notFound');
    return answerPlainPage(context, frame, (language) => withLinks(errataDocument(shown, language), language));
  });
  app.get('/transparency/:file', async (context) => {
    const name = context.req.param('file');
    const [, part] = STATEMENT_FILE.exec(name) ?? [];
    if (part !== undefined) return statementFile(parts, part);
    const [, year, ending] = FILE.exec(name) ?? [];
    if (year === undefined || ending === undefined) return page(context, name);
    const version = versionOf(findYear(await published(), year), context.req.query('erratum'));
    if (version === undefined) return problem('notFound');
    return ending === 'receipt' ? receiptOf(parts, version) : fileOf(version, ending);
  });
  return app;
}

async function withLinks(document: Promise<PageDocument>, language: 'de' | 'en'): Promise<PageDocument> {
  const drawn = await document;
  return { ...drawn, languages: String(await languageLinks(drawn.languages, language)) };
}

function findYear(all: readonly PublishedYear[], year: string): PublishedYear | undefined {
  return /^\d{4}$/.test(year) ? all.find((one) => one.year === Number(year)) : undefined;
}

/** The newest, or the one that is asked for. */
function versionOf(year: PublishedYear | undefined, erratum: string | undefined): PublishedReport | undefined {
  if (year === undefined || erratum === undefined) return year && newestOf(year);
  return /^\d{1,6}$/.test(erratum) ? year.versions.find(({ report }) => report.erratum === Number(erratum)) : undefined;
}

/** JSON to the byte as it was signed. */
function fileOf({ report, text, signatures, signers }: PublishedReport, ending: string): Response {
  if (ending === 'json') return answer(text, JSON_TYPE);
  if (ending === 'csv') return answer(reportCsv(report), 'text/csv; charset=utf-8');
  return armoredFile(ending === 'keys' ? 'keys' : 'asc', { signatures, signers });
}

function armoredFile(
  which: 'keys' | 'asc',
  { signatures, signers }: Pick<PublishedReport, 'signatures' | 'signers'>,
): Response {
  const isKeys = which === 'keys';
  const certificates = signers.map(({ certificate }) => certificate);
  const joined = isKeys ? joinedArmor('PGP PUBLIC KEY BLOCK', certificates) : joinedArmor('PGP SIGNATURE', signatures);
  if (joined === undefined || (isKeys && signers.length === 0)) return problem('notFound');
  return answer(joined, isKeys ? 'application/pgp-keys' : 'application/pgp-signature');
}

async function statementFile({ statement, receipt }: TransparencyParts, ending: string): Promise<Response> {
  const published = (await statement())?.published;
  if (published === undefined) return problem('notFound');
  const { text, signatures, signers } = published;
  if (ending === 'json') return answer(text, JSON_TYPE);
  if (ending === 'receipt') {
    const file = await receipt({ kind: 'standing-statement', sha256: statementDigest(text) });
    return file === undefined ? problem('notFound') : answer(file, JSON_TYPE);
  }
  return armoredFile(ending === 'keys' ? 'keys' : 'asc', { signatures, signers });
}

/** As people check it on /check or with siegel receipt check. */
async function receiptOf({ receipt }: TransparencyParts, { text }: PublishedReport): Promise<Response> {
  const file = await receipt({ kind: 'transparency-report', sha256: reportDigest(text) });
  return file === undefined ? problem('notFound') : answer(file, JSON_TYPE);
}

/** No further than the newest report goes: nobody sees in it that a request came in just now. */
async function logPage({ published, leaves }: TransparencyParts, from: string): Promise<Response> {
  if (!/^\d{1,9}$/.test(from)) return problem('badRequest');
  const reports = (await published()).flatMap(({ versions }) => versions.map(({ report }) => report));
  const entries = Math.max(0, ...reports.map(({ register }) => register.entries));
  const first = Number(from);
  if (first > entries) return problem('notFound');
  const shown = await leaves(first, Math.min(limits.deskPage.logLeaves, entries - first));
  const next = first + shown.length;
  const lines = [
    'siegel transparency log 1',
    `entries ${entries}`,
    ...shown.map((leaf, nth) => `${first + nth} ${leaf}`),
    ...(shown.length > 0 && next < entries ? [`next /transparency/log?from=${next}`] : []),
  ];
  return answer(`${lines.join('\n')}\n`, 'text/plain; charset=utf-8');
}

function answer(text: string, type: string): Response {
  return new Response(text, { headers: { ...pageHeaders, 'content-type': type, 'cache-control': 'no-store' } });
}
