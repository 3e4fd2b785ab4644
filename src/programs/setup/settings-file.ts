// siegel.conf with some of its lines changed: all others stay as they are, comments and order too.

/** By option name; undefined takes the line out. */
export type SettingChanges = ReadonlyMap<string, string | undefined>;

export interface SettingsChange {
  readonly text: string;
  /** `- old line`, `+ new line`, in order. */
  readonly difference: readonly string[];
}

export function changeSettings(before: string, changes: SettingChanges): SettingsChange {
  const difference: string[] = [];
  const lines: string[] = [];
  const settled = new Set<string>();
  for (const line of before === '' ? [] : before.replace(/\n$/, '').split('\n')) {
    const name = nameOf(line);
    if (name === undefined || !changes.has(name)) {
      lines.push(line);
      continue;
    }
    const value = changes.get(name);
    const wanted = value === undefined || settled.has(name) ? undefined : `${name} = ${value}`;
    settled.add(name);
    if (wanted !== undefined && normal(wanted) === normal(line)) {
      lines.push(line);
      continue;
    }
    difference.push(`- ${line}`);
    if (wanted === undefined) continue;
    difference.push(`+ ${wanted}`);
    lines.push(wanted);
  }
  for (const [name, value] of changes) {
    if (value === undefined || settled.has(name)) continue;
    lines.push(`${name} = ${value}`);
    difference.push(`+ ${name} = ${value}`);
  }
  return { text: lines.length === 0 ? '' : `${lines.join('\n')}\n`, difference };
}

/** The same rules as base/config reads by. */
function nameOf(line: string): string | undefined {
  const trimmed = line.trim();
  const at = trimmed.indexOf('=');
  return trimmed.startsWith('#') || at < 0 ? undefined : trimmed.slice(0, at).trim();
}

function normal(line: string): string {
  const at = line.indexOf('=');
  return `${line.slice(0, at).trim()} = ${line.slice(at + 1).trim()}`;
}
