// Command lines: what is understood, what is refused, and that the refusal helps.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { programDir } from '#base/config/read.ts';
import { parseCommandLine, type ParsedLine } from './command-line.ts';
import { commandTable } from './commands/table.ts';
import { helpText } from './help.ts';

const scratch = mkdtempSync(join(tmpdir(), 'siegel-cli-'));
after(() => rmSync(scratch, { recursive: true }));

function parse(line: string): ParsedLine {
  const parsed = parseCommandLine(line.split(' '), commandTable);
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.sentence);
  assert.ok(parsed.value.kind === 'run');
  return parsed.value.line;
}

function refusal(line: string): string {
  const parsed = parseCommandLine(line.split(' '), commandTable);
  assert.ok(!parsed.ok, `“${line}” was expected to be refused`);
  assert.equal(parsed.error.kind, 'misused');
  return parsed.error.sentence;
}

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function siegel(words: readonly string[], options: { readonly cwd?: string; readonly launcher?: string } = {}): Ran {
  const env = { ...process.env, SIEGEL_DATA_DIR: join(scratch, 'none') };
  return spawnSync(options.launcher ?? join(programDir, 'siegel'), words, {
    encoding: 'utf8',
    env,
    cwd: options.cwd ?? scratch,
  });
}

test('options of the program and of the command are told apart, wherever they stand', () => {
  const line = parse('--data-dir /x address add new@a.test --for old@a.test --json --smtp-port=0');
  assert.deepEqual(line.operands, ['new@a.test']);
  assert.deepEqual(line.options, { for: 'old@a.test' });
  assert.deepEqual(line.flags, { 'data-dir': '/x', 'smtp-port': '0' });
  assert.equal(line.json, true);
});

test('a command that takes several files takes them all, and at least one', () => {
  const line = parse('transit optimise a.pdf b.jpg c.zip --out back');
  assert.deepEqual(line.operands, ['a.pdf', 'b.jpg', 'c.zip']);
  assert.match(refusal('transit optimise --out back'), /needs FILE/);
  assert.match(refusal('transit optimise a.pdf'), /needs --out DIR/);
});

test('a mistyped noun, verb or option is refused with the nearest one', () => {
  assert.match(refusal('stauts'), /“status”/);
  assert.match(refusal('address ad x'), /“address add”/);
  assert.match(refusal('status --smpt-port 1'), /--smtp-port/);
  assert.match(refusal('xyzzy'), /siegel help/);
});

test('what is missing or too much is named', () => {
  assert.match(refusal('address'), /needs a verb: .*add/);
  assert.match(refusal('address add a@b.c'), /needs --for OWNER/);
  assert.match(refusal('address add --for a@b.c'), /needs ADDRESS/);
  assert.match(refusal('status extra'), /“extra”/);
  assert.match(refusal('status --for a@b.c'), /no option --for/);
  assert.match(refusal('status --apply'), /no option --apply/);
  assert.match(refusal('status --data-dir'), /needs a value/);
  assert.match(refusal('status --data-dir --json'), /needs a value/);
  assert.match(refusal('status --json=yes'), /takes no value/);
});

test('help names every command, and each command its options', () => {
  const overview = helpText([], commandTable);
  for (const command of commandTable) {
    assert.ok(overview.includes(command.summary), command.summary);
    const own = helpText([command.noun, command.verb ?? ''], commandTable);
    for (const name of Object.keys(command.options ?? {})) assert.ok(own.includes(`--${name}`), name);
  }
});

test('no two commands have the same words, and an option means the same kind of thing everywhere', () => {
  const words = commandTable.map(({ noun, verb }) => `${noun} ${verb ?? ''}`);
  assert.equal(new Set(words).size, words.length);
  const kinds = new Map<string, boolean>();
  for (const command of commandTable) {
    for (const [name, { value }] of Object.entries(command.options ?? {})) {
      assert.equal(kinds.get(name) ?? value !== undefined, value !== undefined, name);
      kinds.set(name, value !== undefined);
    }
  }
});

test('every command’s file can be loaded', async () => {
  for (const command of commandTable) assert.equal(typeof (await command.load()).run, 'function', command.summary);
});

test('the launcher ends with 0 done, 1 refused, 2 misused', () => {
  assert.equal(siegel(['--version']).status, 0);
  const refused = siegel(['status']);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /no siegel runs on/);
  const misused = siegel(['status', '--smtp-port', 'x', '--json']);
  assert.equal(misused.status, 2);
  assert.equal((JSON.parse(misused.stdout) as { error: { kind: string } }).error.kind, 'bad-value');
});

test('the launcher works from any folder and through links to links', () => {
  mkdirSync(join(scratch, 'bin'));
  symlinkSync(join(programDir, 'siegel'), join(scratch, 'bin', 'first'));
  symlinkSync('first', join(scratch, 'bin', 'second'));
  const version = siegel(['--version']).stdout;
  assert.match(version, /^\d+\.\d+\.\d+\n$/);
  assert.equal(siegel(['--version'], { cwd: '/', launcher: join(scratch, 'bin', 'second') }).stdout, version);
});

test('the launcher turns core files off before the program runs', () => {
  const launcher = readFileSync(join(programDir, 'siegel'), 'utf8');
  const shows = launcher.replace(/^exec .*$/m, 'ulimit -c').replaceAll('"$root/', `"${programDir}/`);
  const shown = spawnSync('/bin/sh', ['-c', `ulimit -S -c unlimited 2>/dev/null; ${shows}`], {
    encoding: 'utf8',
    cwd: programDir,
  });
  assert.equal(shown.stdout.trim(), '0');
});
