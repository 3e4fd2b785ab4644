// Records and findings for a terminal: a zone file to copy, a table of what is right and what is not.

import type { HouseReport, RecordFinding } from '#formats/zone/house-report.ts';
import { problemSentence, reportWordsEn } from '#formats/zone/report-words.ts';
import { zoneLine } from '#formats/zone/zone-record.ts';
import type { HouseRecord } from './house-records.ts';

/** Ready for a zone file; what the operator has to fill in is a comment. */
export function zoneText(records: readonly HouseRecord[]): string {
  return records
    .map(({ record, isOpen, why }) => `; ${reportWordsEn.why[why]}\n${isOpen === true ? '; ' : ''}${zoneLine(record)}`)
    .join('\n');
}

/** For panels that ask for name, type and value apart. */
export function recordTable(records: readonly HouseRecord[], domain: string): string {
  const rows = records.map(({ record, isOptional, isOpen }) => ({
    name: shortName(record.name, domain),
    type: record.type,
    value: record.value,
    mark: isOpen === true ? ' (fill in)' : isOptional === true ? ' (optional)' : '',
  }));
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows
    .map(({ name, type, value, mark }) => `${name.padEnd(width)}  ${type.padEnd(5)}  ${value}${mark}`)
    .join('\n');
}

const MARKS = { green: '✓', red: '✗', hint: '·' } as const;
const COLOURS = { green: '\u001b[32m', red: '\u001b[31m', hint: '\u001b[33m' } as const;

export function reportText(report: HouseReport, isTty: boolean): string {
  const paint = (state: keyof typeof COLOURS, text: string): string =>
    isTty ? `${COLOURS[state]}${text}\u001b[0m` : text;
  const blocks = report.findings.map((finding) => {
    const head = paint(finding.state, `${MARKS[finding.state]} ${titleOf(finding)}`);
    return finding.problem === null ? head : [head, ...details(finding).map((line) => `    ${line}`)].join('\n');
  });
  const reds = report.findings.filter(({ state }) => state === 'red').length;
  const end = reds === 0 ? `${report.domain} is in order.` : `${reds} of ${report.findings.length} are to be set.`;
  return [...blocks, '', end].join('\n');
}

function details({ problem, why, found, record, state }: RecordFinding): readonly string[] {
  const there = found.length > 0 ? [`There is: ${found.join(' | ')}`] : [];
  const set = record === null ? [] : [`${state === 'red' ? 'Set' : 'Possible'}: ${record.line}`];
  return [...(problem === null ? [] : [problemSentence(problem)]), ...there, ...set, reportWordsEn.why[why]];
}

function titleOf({ id, record }: RecordFinding): string {
  return record === null ? (TITLES[id] ?? id) : `${record.type.padEnd(5)} ${record.name}`;
}

const TITLES: Readonly<Record<string, string>> = {
  'mta-sts-policy': 'Rule of MTA-STS as it is served',
  ptr: 'Address back to name (PTR)',
  'port-25': 'Port 25',
  certificate: 'Certificate',
};

function shortName(name: string, domain: string): string {
  if (name === domain) return '@';
  return name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : `${name}.`;
}

/** For programs: codes, and the same as sentences. */
export function reportJson(report: HouseReport): object {
  const findings = report.findings.map((finding) => ({
    ...finding,
    sentence: finding.problem === null ? '' : problemSentence(finding.problem),
    reason: reportWordsEn.why[finding.why],
  }));
  return { ...report, findings };
}
