// The desk as its people meet it at a terminal, with the real program and real gpg: a policy, a fax, two verdicts, a correction, a case file that the house cannot open.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sampleFilings } from '../desk/sample-register.ts';
import { writeRegister } from '#office/desk/intake/write-register.ts';
import { requireValue } from '#base/assert.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { exampleGermany } from '#office/desk/policy/example-policy.ts';
import { commitTarget } from '#formats/desk/digest.ts';
import { GpgPeople, noGpg } from '../gpg-people.ts';
import { startProgram, type CommandResult, type RunningProgram } from '../running-program.ts';

const skip = noGpg ?? false;
const TARGET = 'leyla.canary@kanzlei.test';
const DOCUMENT = 'Auskunftsersuchen canary 4711';

let folder = '';
let people: GpgPeople;
let program: RunningProgram;

const ROSTER = [
  ['Mara Kaya', 'mara@kanzlei.test', 'CLERK'],
  ['Jonas Brandt', 'jonas@kanzlei.test', 'OFFICER'],
  ['Leyla Yıldız', 'leyla@kanzlei.test', 'LAWYER'],
] as const;

before(async () => {
  if (skip !== false) return;
  folder = await mkdtemp(join(tmpdir(), 'sgl-desk-journey-'));
  people = new GpgPeople();
  for (const [, address] of [...ROSTER, ['', 'rogue@kanzlei.test'] as const]) people.addPerson(address, 'curve');
  const trust = ['jonas', 'leyla'].map((name) => people.certificate(`${name}@kanzlei.test`).fingerprint);
  program = await startProgram({ env: { SIEGEL_DESK_TRUST: trust.join(',') } });
});
after(async () => {
  if (skip !== false) return;
  await program.stop();
  people[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

function policyOf(roster: readonly (readonly [string, string, string])[]): string {
  const members = roster.map(([name, address, role]) => {
    const { fingerprint, armored } = people.certificate(address);
    return { name, role, fingerprint, certificate: armored };
  });
  return canonicalJson({ ...(JSON.parse(exampleGermany()) as object), roster: members });
}

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function siegel(words: readonly string[]): Promise<Record<string, unknown>> {
  const ran = await program.siegel([...words, '--json']);
  assert.equal(ran.code, 0, `${words.join(' ')}: ${ran.stderr}${ran.stdout}`);
  return JSON.parse(ran.stdout) as Record<string, unknown>;
}

async function refusedOf(words: readonly string[]): Promise<CommandResult> {
  const ran = await program.siegel(words);
  assert.ok(ran.code === 1 || ran.code === 2, `${words.join(' ')}: ${ran.stdout}`);
  assert.equal(ran.stdout, '');
  return ran;
}

interface Shown {
  readonly value: unknown;
  readonly numerator: number | null;
  readonly denominator: number | null;
}

interface ShownReport {
  readonly figures: Readonly<Record<string, Shown>>;
  readonly before: { readonly figures: Readonly<Record<string, Shown>> };
}

let statements = 0;

async function review(
  number: string,
  who: (typeof ROSTER)[number],
  words: readonly string[],
): Promise<readonly string[]> {
  const out = join(folder, `statement-${++statements}.json`);
  await siegel(['request', ...words.slice(0, 1), number, '--by', who[0], '--out', out, ...words.slice(1)]);
  const signature = await write(`statement-${statements}.asc`, people.sign(who[1], await readFile(out)));
  return ['request', 'review', number, '--statement', out, '--signature', signature];
}

const [clerk, officer, lawyer] = ROSTER;

test(
  'without a policy nothing is filed; one that others signed does not come into force',
  { skip, timeout: 120_000 },
  async () => {
    const none = await refusedOf(['request', 'file', '--by', 'Mara Kaya', '--channel', 'FAX', '--kinds', 'SUBSCRIBER']);
    assert.match(none.stderr, /No policy is in force/);
    const text = policyOf(ROSTER);
    const path = await write('policy.json', text);
    const [good, other, rogue] = ['jonas', 'leyla', 'rogue'].map((name) =>
      people.sign(`${name}@kanzlei.test`, Buffer.from(text)),
    );
    const paths = await Promise.all([
      write('a.asc', requireValue(good, 'a signature')),
      write('b.asc', requireValue(other, 'a signature')),
      write('c.asc', requireValue(rogue, 'a signature')),
    ]);
    const [a, b, c] = paths;
    const planned = await siegel(['desk', 'policy', path, a, b]);
    assert.equal(planned['isApplied'], false);
    for (const signatures of [[a], [a, a], [a, c], [c]])
      await refusedOf(['desk', 'policy', path, ...signatures, '--apply']);
    assert.equal((await siegel(['desk', 'show']))['policy'], null);
    const put = await siegel(['desk', 'policy', path, a, b, '--apply']);
    assert.equal(put['isApplied'], true);
  },
);

test(
  'a fax is refused by two people, filed again sealed, and taken; the case file opens for the roster and for nobody else',
  { skip, timeout: 240_000 },
  async () => {
    const document = await write('fax.txt', DOCUMENT);
    const words = ['--by', clerk[0], '--kinds', 'SUBSCRIBER', '--target', TARGET, '--document', document];
    const filed = await siegel(['request', 'file', ...words, '--channel', 'FAX']);
    const number = String(filed['filing']);
    assert.match(number, /^\d{4}-0001$/);
    assert.equal(filed['state'], 'FORMAL_CHECK');
    const one = await siegel(await review(number, officer, ['refuse', '--reasons', 'INADMISSIBLE_CHANNEL']));
    assert.equal(one['state'], 'LEGAL_REVIEW');
    await refusedOf(await review(number, officer, ['refuse', '--reasons', 'INADMISSIBLE_CHANNEL']));
    const two = await siegel(await review(number, lawyer, ['refuse', '--reasons', 'INADMISSIBLE_CHANNEL']));
    assert.equal(two['state'], 'REJECTED_FORMAL');
    for (const language of ['de', 'en']) {
      const draft = (await siegel(['request', 'answer', number, '--language', language])) as { text: string };
      assert.match(draft.text, language === 'de' ? /Sehr geehrte/ : /^To whom/);
      assert.ok(draft.text.includes(number) && !draft.text.includes(TARGET));
      const letter = await write(`letter-${language}.txt`, draft.text);
      await siegel(['request', 'answer', number, '--language', language, '--letter', letter, '--by', clerk[0]]);
    }
    const again = await siegel(['request', 'correct', number, ...words, '--channel', 'PGP']);
    const second = String(again['filing']);
    await siegel(await review(second, lawyer, ['review', '--verdict', 'ADMIT']));
    assert.equal((await siegel(await review(second, officer, ['review', '--verdict', 'ADMIT'])))['state'], 'COLLECT');
    const listed = (await siegel(['request', 'list'])) as { filings: { filing: string; state: string }[] };
    assert.deepEqual(
      listed.filings.map(({ filing, state }) => `${filing} ${state}`),
      [`${number} CORRECTED`, `${second} COLLECT`],
    );

    const files = join(folder, 'files');
    await mkdir(files);
    const shown = (await siegel(['request', 'show', second, '--case-files', files])) as {
      row: { items: { target: string }[] };
      files: string[];
    };
    const sealed = await readFile(requireValue(shown.files[0], 'a case file'));
    const opened = JSON.parse(people.open(sealed).plainText) as {
      targets: { target: string; random: string }[];
      documents: { name: string; base64: string }[];
    };
    assert.equal(opened.targets[0]?.target, TARGET);
    assert.equal(Buffer.from(opened.documents[0]?.base64 ?? '', 'base64').toString(), DOCUMENT);
    assert.equal(commitTarget(Buffer.from(opened.targets[0].random, 'hex'), TARGET), shown.row.items[0]?.target);
  },
);

test('wrong words are refused with what to write, and nothing is filed', { skip, timeout: 120_000 }, async () => {
  const before = await siegel(['desk', 'show']);
  const file = ['request', 'file', '--by', 'Mara Kaya', '--channel', 'POST', '--kinds', 'SUBSCRIBER'];
  for (const [words, wanted] of [
    [['request', 'file', '--by', 'Mara Kaya', '--kinds', 'SUBSCRIBER'], /--channel is missing/],
    [[...file.slice(0, 4), '--channel', 'TELEX', '--kinds', 'SUBSCRIBER'], /channel must be one of ESB/],
    [[...file.slice(0, 2), '--by', 'Nobody', ...file.slice(4)], /Nobody is not in the roster/],
    [[...file, '--basis', 'no-such-law'], /is no norm of the policy/],
    [[...file, '--received', '2199-01-01'], /in the future/],
    [[...file, '--received', '2026-02-01', '--answer-by', '2026-01-01'], /is no deadline/],
    [[...file, '--document', join(folder, 'not-there')], /cannot be read/],
    [['request', 'correct', '2026-9999', ...file.slice(2)], /no filing 2026-9999/],
    [['request', 'show', '2026-9999'], /no filing 2026-9999/],
    [['request', 'close', '2026-9999'], /no filing 2026-9999/],
    [
      ['request', 'review', '2026-0001', '--by', 'Jonas Brandt', '--out', join(folder, 'x'), '--verdict', 'MAYBE'],
      /--verdict is one of/,
    ],
    [
      ['request', 'refuse', '2026-0001', '--by', 'Jonas Brandt', '--out', join(folder, 'x'), '--reasons', 'RUDE'],
      /RUDE is no reason/,
    ],
    [['request', 'list', '--state', 'LOST'], /--state is one of/],
  ] as const)
    assert.match((await refusedOf(words)).stderr, wanted, words.join(' '));
  assert.equal((await siegel(['desk', 'show']))['head'], before['head']);
});

test(
  'the report of a year is computed, signed by both, published once; register and export are verified, and any edit is found',
  { skip, timeout: 240_000 },
  async () => {
    for (const channel of ['POST', 'FAX', 'PGP'])
      await siegel([
        'request',
        'file',
        '--by',
        clerk[0],
        '--kinds',
        'SUBSCRIBER',
        '--channel',
        channel,
        '--received',
        '2025-06-01',
      ]);
    const out = join(folder, 'report-2025.json');
    const drafted = (await siegel(['report', 'transparency', '2025', '--out', out])) as {
      figures: { total: { value: number } };
    };
    assert.equal(drafted.figures.total.value, 3);
    const bytes = await readFile(out);
    const by = async (who: string): Promise<string> =>
      write(`report-${who}.asc`, people.sign(`${who}@kanzlei.test`, bytes));
    const [jonas, leyla, rogue] = [await by('jonas'), await by('leyla'), await by('rogue')];
    for (const words of [
      [out, jonas],
      [out, jonas, jonas],
      [out, jonas, rogue],
    ])
      await refusedOf(['report', 'publish', ...words, '--apply']);
    const forged = join(folder, 'forged.json');
    await writeFile(forged, bytes.toString().replace('"numerator":3', '"numerator":2'));
    const forgedSignatures = await Promise.all(
      ['jonas', 'leyla'].map(async (who) =>
        write(`forged-${who}.asc`, people.sign(`${who}@kanzlei.test`, await readFile(forged))),
      ),
    );
    const refused = await refusedOf(['report', 'publish', forged, ...forgedSignatures, '--apply']);
    assert.match(refused.stderr, /does not follow from the register|no report/);
    assert.equal((await siegel(['report', 'publish', out, jonas, leyla]))['isApplied'], false);
    const published = await siegel(['report', 'publish', out, jonas, leyla, '--apply']);
    assert.equal(published['year'], 2025);
    await refusedOf(['report', 'publish', out, jonas, leyla, '--apply']);
    const receipts = await siegel(['sql', "SELECT facts FROM receipt WHERE kind = 'transparency-report'"]);
    assert.ok(
      JSON.stringify(receipts).includes(createHash('sha256').update(bytes).digest('hex')),
      'promised in the book',
    );
    assert.deepEqual((await siegel(['report', 'verify']))['findings'], []);
    const page = await fetch(`${program.url}/transparency/2025.json`);
    assert.equal(await page.text(), bytes.toString(), 'to the byte as it was signed');
    assert.match(await (await fetch(`${program.url}/transparency`)).text(), /2025/);

    const exported = join(folder, 'register');
    await siegel(['report', 'export', exported]);
    const trust = [
      '--trust',
      ['jonas', 'leyla'].map((who) => people.certificate(`${who}@kanzlei.test`).fingerprint).join(','),
    ];
    assert.deepEqual((await siegel(['report', 'verify', exported, ...trust]))['findings'], []);
    const { entries: noted, head } = await siegel(['desk', 'show']);
    const known = ['--head', `${String(noted)}:${String(head)}`];
    assert.deepEqual((await siegel(['report', 'verify', exported, ...trust, ...known]))['findings'], []);
    await refusedOf(['report', 'verify', exported, ...trust, '--head', 'none']);
    const path = join(exported, 'entries.jsonl');
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const edits: readonly (readonly string[])[] = [
      lines.map((line) => line.replace('FAX', 'POST')),
      lines.toSpliced(3, 1),
      [...lines.slice(0, 4), lines[5] ?? '', lines[4] ?? '', ...lines.slice(6)],
    ];
    for (const edited of edits) {
      await writeFile(path, `${edited.join('\n')}\n`);
      const ran = await program.siegel(['report', 'verify', exported, ...trust, '--json']);
      assert.equal(ran.code, 1, ran.stdout);
    }
    await writeFile(path, `${lines.join('\n')}\n`);
    const others = [
      '--trust',
      ['mara', 'rogue'].map((who) => people.certificate(`${who}@kanzlei.test`).fingerprint).join(','),
    ];
    assert.equal(
      (await program.siegel(['report', 'verify', exported, ...others])).code,
      1,
      'whom one does not trust says nothing',
    );
  },
);

test(
  'a register of two years kept elsewhere comes in whole; its report has the figures it had, from the records',
  { skip, timeout: 240_000 },
  async () => {
    const lines = sampleFilings();
    const path = await write('register.csv', writeRegister(lines));
    const broken = await write('broken.csv', writeRegister(lines).replace('PLAIN_MAIL', 'PIGEON'));
    const before = await siegel(['desk', 'show']);
    const refused = await refusedOf(['request', 'import', broken, '--apply']);
    assert.match(refused.stderr, /Nothing was taken:\nline \d+: channel: “PIGEON” is none of/);
    assert.equal((await siegel(['request', 'import', path]))['isApplied'], false);
    assert.equal((await siegel(['desk', 'show']))['head'], before['head']);
    const done = await siegel(['request', 'import', path, '--apply']);
    assert.deepEqual([done['filings'], done['first'], done['last']], [188, '2022-0001', '2023-0133']);
    const { figures, before: earlier } = (await siegel(['report', 'transparency', '2023'])) as unknown as ShownReport;
    const of = (id: string, from = figures): unknown[] => [from[id]?.value, from[id]?.numerator, from[id]?.denominator];
    assert.deepEqual(of('total')[0], 133);
    assert.deepEqual(of('total', earlier.figures)[0], 55);
    assert.equal(of('rejected.first')[0], 45);
    assert.equal(of('rejected.first', earlier.figures)[0], 14);
    assert.deepEqual(of('rejected.first.share'), ['33.8', 45, 133]);
    assert.deepEqual(
      ['HOME', 'EU', 'OTHER'].map((origin) => of(`origin.${origin}`)[0]),
      [130, 2, 1],
    );
    assert.deepEqual(of('channel.PLAIN_MAIL.share'), ['27.1', 36, 133]);
    assert.deepEqual(of('channel.FAX.share'), ['6.0', 8, 133]);
    assert.equal(Number(of('rejected.finally')[0]) + Number(of('rejected.corrected')[0]), 45);
    assert.deepEqual((await siegel(['report', 'verify']))['findings'], []);
  },
);

test('nothing of whom it is about lies readable in the house', { skip, timeout: 120_000 }, async () => {
  await program.kill();
  const found: string[] = [];
  for (const entry of await readdir(program.dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    // the database may still be ending, and takes some of its files away
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    for (const canary of [TARGET, DOCUMENT, 'canary'])
      for (const form of [
        canary,
        Buffer.from(canary).toString('hex'),
        Buffer.from(canary).toString('base64url').slice(0, -2),
      ])
        if (bytes.includes(form)) found.push(`${entry.name}: ${form}`);
  }
  assert.deepEqual(found, []);
  assert.ok(
    (await readdir(program.dataDir, { recursive: true })).length > 50,
    'the control: the whole house was looked through',
  );
  program = await program.restart();
  assert.notEqual((await siegel(['desk', 'show']))['policy'], null, 'after a kill all is there');
});

test('an order of the Union has its clock, and says when it is over', { skip, timeout: 120_000 }, async () => {
  const words = 'request file --by mara@kanzlei.test --channel PGP --kinds SUBSCRIBER --instrument EU_PRODUCTION_ORDER';
  const by = words.split(' ').map((word) => (word === 'mara@kanzlei.test' ? 'Mara Kaya' : word));
  const filed = await siegel([...by, '--received', '2026-01-05T10:00:00Z']);
  const number = String(filed['filing']);
  const { deadlines } = await siegel(['request', 'show', number]);
  const dueMs = Date.parse('2026-01-15T10:00:00Z');
  assert.deepEqual(deadlines, [{ kind: 'ANSWER', norm: 'eu-2023-1543-10', dueMs, state: 'OVERDUE' }]);
  const { filings } = (await siegel(['request', 'list'])) as { filings: { filing: string; dueMs: number | null }[] };
  assert.equal(filings.find(({ filing }) => filing === number)?.dueMs, dueMs);
  assert.ok(Number((await siegel(['desk', 'show']))['overdue']) >= 1);
  const listed = await program.siegel(['request', 'list']);
  assert.match(listed.stdout, /OVERDUE since 2026-01-15T10:00Z/);
});
