// The policy that a domain publishes about TLS: lines of `key: value` (RFC 8461 §3.2, §4.1).

import { err, ok, type Result } from '#base/result.ts';

export interface StsPolicy {
  readonly mode: 'enforce' | 'testing' | 'none';
  /** Lower case; `*.` in front stands for exactly one label. Empty only in mode none. */
  readonly mx: readonly string[];
  readonly maxAgeSeconds: number;
}

export type StsPolicyRefusal = { readonly kind: 'badPolicy' };

const MX_MAX = 100;
const HOST = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;

/** Unknown keys are allowed; a key that may stand once and stands twice counts the first time. */
export function parseStsPolicy(text: string): Result<StsPolicy, StsPolicyRefusal> {
  const values = new Map<string, string>();
  const mx: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const match = /^[ \t]*([A-Za-z0-9][\w.-]{0,31})[ \t]*:[ \t]*(.*?)[ \t]*$/.exec(line);
    if (match === null) return err({ kind: 'badPolicy' });
    const [, key = '', value = ''] = match;
    if (key === 'mx') mx.push(value.toLowerCase().replace(/\.$/, ''));
    else if (!values.has(key)) values.set(key, value);
  }
  const mode = values.get('mode');
  const age = values.get('max_age') ?? '';
  if (values.get('version') !== 'STSv1' || !/^\d{1,10}$/.test(age)) return err({ kind: 'badPolicy' });
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') return err({ kind: 'badPolicy' });
  if (mx.length > MX_MAX || !mx.every((host) => HOST.test(host))) return err({ kind: 'badPolicy' });
  if (mx.length === 0 && mode !== 'none') return err({ kind: 'badPolicy' });
  return ok({ mode, mx, maxAgeSeconds: Number(age) });
}

export function formatStsPolicy({ mode, mx, maxAgeSeconds }: StsPolicy): string {
  const lines = ['version: STSv1', `mode: ${mode}`, ...mx.map((host) => `mx: ${host}`), `max_age: ${maxAgeSeconds}`];
  return `${lines.join('\r\n')}\r\n`;
}

/** A wildcard stands for one label and no more (§4.1). */
export function isStsHost(policy: StsPolicy, host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  const parent = name.slice(name.indexOf('.') + 1);
  return policy.mx.some((pattern) =>
    pattern.startsWith('*.') ? name.includes('.') && pattern.slice(2) === parent : pattern === name,
  );
}
