// File, environment and flags become one frozen Config; the only place that looks at the environment.

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clockStartingAt, systemClock, type Clock } from '../clock.ts';
import { err, ok, type Result } from '../result.ts';
import { nearest } from './nearest.ts';
import type { Option, Surroundings } from './option-kinds.ts';
import {
  envName,
  optionEnv,
  optionKeys,
  optionName,
  options,
  reservedOptions,
  type OptionKey,
  type OptionValue,
} from './options.ts';

/** Every option's value. Paths are absolute. */
export type Config = { readonly [K in Exclude<OptionKey, 'kitDir'>]: OptionValue<K> } & { readonly kitDir: string };

export interface ConfigRefusal {
  readonly kind: 'unknown-option' | 'bad-value' | 'not-yet' | 'unreadable-file';
  /** Where it stood: a flag, a name of the environment, or a file with its line. */
  readonly where: string;
  /** For the operator: what is wrong and what is allowed. Never holds the value: it may be a password. */
  readonly sentence: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Sources {
  /** By option name (smtp-port), without dashes. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Path of the file; without it `siegel.conf` in the data folder is read when it is there. */
  readonly file?: string | undefined;
  readonly environment?: Environment;
  readonly surroundings?: Surroundings;
}

interface Given {
  readonly name: string;
  readonly text: string;
  readonly where: string;
}

export const CONFIG_FILE_NAME = 'siegel.conf';
const FILE_ENV = 'SIEGEL_CONFIG';
/** Four levels up from here stands package.json. */
export const programDir = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** Reads the options of this process. Flags win over the environment, the environment over the file. */
export function readConfig(sources: Sources = {}): Result<Config, ConfigRefusal> {
  const environment = sources.environment ?? process.env;
  const surroundings = sources.surroundings ?? { isRoot: process.getuid?.() === 0, programDir };
  const fromFlags = Object.entries(sources.flags ?? {}).map(([name, text]) => ({ name, text, where: `--${name}` }));
  const fromEnvironment = readEnvironment(environment);
  if (!fromEnvironment.ok) return fromEnvironment;
  const stronger = settle([...fromEnvironment.value, ...fromFlags]);
  if (!stronger.ok) return stronger;

  const namedFile = sources.file ?? (environment[FILE_ENV] || undefined);
  const dataDir = stronger.value.dataDir ?? options.dataDir.fallback(surroundings);
  const fromFile = readConfigFile(namedFile ?? join(dataDir, CONFIG_FILE_NAME), namedFile !== undefined);
  if (!fromFile.ok) return fromFile;
  const all = settle([...fromFile.value, ...fromEnvironment.value, ...fromFlags]);
  return all.ok ? complete(all.value, surroundings) : all;
}

/** The file that options are read from and that setup writes, whether it is there or not. */
export function configFileOf(
  file: string | undefined,
  dataDir: string,
  environment: Environment = process.env,
): string {
  return file ?? (environment[FILE_ENV] || join(dataDir, CONFIG_FILE_NAME));
}

/** The clock that the configuration asks for. */
export function clockOf(config: Pick<Config, 'clock'>): Clock {
  if (config.clock === undefined) return systemClock;
  const startMs = 'startMs' in config.clock ? config.clock.startMs : systemClock.nowMs() + config.clock.stepMs;
  return clockStartingAt(startMs);
}

/** The runtime's own flags, from the command line and NODE_OPTIONS: some of them would write memory to disk. */
export function runtimeFlags(environment: Environment = process.env): readonly string[] {
  return [...process.execArgv, ...(environment['NODE_OPTIONS'] ?? '').split(/\s+/).filter((flag) => flag !== '')];
}

/** What a child process may see of our environment: where programs and temporary files are, and nothing of ours. */
export function childEnvironment(environment: Environment = process.env): Record<string, string> {
  const passed = ['PATH', 'TZ', 'TMPDIR', 'LD_LIBRARY_PATH'].flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(passed), LC_ALL: 'C.UTF-8' };
}

/** Our own with more in it: for this same program, begun anew in its place. */
export function ownEnvironment(
  more: Readonly<Record<string, string>>,
  environment: Environment = process.env,
): Record<string, string> {
  const own = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(own), ...more };
}

type Settled = { [K in OptionKey]?: OptionValue<K> };

/** Parses what was given; what stands later in the list wins. */
function settle(given: readonly Given[]): Result<Settled, ConfigRefusal> {
  const settled: Record<string, unknown> = {};
  for (const { name, text, where } of given) {
    const key = optionKeys.find((candidate) => optionName(candidate) === name);
    if (key === undefined) return err(unknownOption(name, where));
    const facts: Option<unknown> = options[key];
    if (text === '' && facts.mayBeEmpty !== true) continue;
    const value = facts.parse(text);
    if (value === undefined) return err({ kind: 'bad-value', where, sentence: `${where} must be ${facts.allowed}.` });
    settled[key] = value;
  }
  // Each value came from the parser of its own key.
  return ok(settled as Settled);
}

function unknownOption(name: string, where: string): ConfigRefusal {
  const reason = reservedOptions.get(name);
  if (reason !== undefined) return { kind: 'not-yet', where, sentence: `${where}: ${reason}, so it cannot be set.` };
  const known = optionKeys.map(optionName);
  const close = nearest(name, known);
  const hint = close === undefined ? '`siegel help options` lists those there are.' : `Is ${close} meant?`;
  return { kind: 'unknown-option', where, sentence: `${where}: there is no such option. ${hint}` };
}

function complete(settled: Settled, surroundings: Surroundings): Result<Config, ConfigRefusal> {
  const filled: Record<string, unknown> = {};
  for (const key of optionKeys) filled[key] = settled[key] ?? options[key].fallback(surroundings);
  // Every key of the table has its own value or its own default.
  const config = filled as { [K in OptionKey]: OptionValue<K> };
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) {
    const sentence = 'tls-cert and tls-key belong together: give both or neither.';
    return err({ kind: 'bad-value', where: config.tlsCert === undefined ? 'tls-key' : 'tls-cert', sentence });
  }
  if (config.acme !== undefined && config.tlsCert !== undefined) {
    const sentence = 'acme and tls-cert are two ways to a certificate: give one of them.';
    return err({ kind: 'bad-value', where: 'acme', sentence });
  }
  if (config.smarthostLogin !== undefined && config.smarthost === undefined) {
    const sentence = 'smarthost-login needs smarthost: say where the login is for.';
    return err({ kind: 'bad-value', where: 'smarthost', sentence });
  }
  return ok(Object.freeze({ ...config, kitDir: config.kitDir ?? `${config.dataDir}-kit` }));
}

function readEnvironment(environment: Environment): Result<readonly Given[], ConfigRefusal> {
  const given: Given[] = [];
  const names = new Map(optionKeys.map((key) => [optionEnv(key), optionName(key)]));
  for (const name of reservedOptions.keys()) names.set(envName(name), name);
  for (const [where, text] of Object.entries(environment)) {
    if (text === undefined || where === FILE_ENV) continue;
    const name = names.get(where);
    if (name !== undefined) {
      // An empty reserved name asks for nothing.
      if (text !== '' || !reservedOptions.has(name)) given.push({ name, text, where });
    } else if (where.startsWith('SIEGEL_')) {
      const close = nearest(where, [...names.keys()]);
      const hint = close === undefined ? '`siegel help options` lists those there are.' : `Is ${close} meant?`;
      return err({ kind: 'unknown-option', where, sentence: `${where}: there is no such option. ${hint}` });
    }
  }
  return ok(given);
}

/** Lines `name = value`; `#` begins a comment line. */
function readConfigFile(file: string, isRequired: boolean): Result<readonly Given[], ConfigRefusal> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (!isRequired && ['ENOENT', 'ENOTDIR', 'EACCES'].includes(code)) return ok([]);
    return err({ kind: 'unreadable-file', where: file, sentence: `${file} cannot be read (${code}).` });
  }
  const given: Given[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const where = `${file} line ${index + 1}`;
    const at = line.indexOf('=');
    if (at < 0) return err({ kind: 'bad-value', where, sentence: `${where} must be of the form name = value.` });
    const name = line.slice(0, at).trim();
    given.push({ name, text: line.slice(at + 1).trim(), where: `${where} (${name})` });
  }
  return ok(given);
}
