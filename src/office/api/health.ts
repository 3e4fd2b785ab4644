// /healthz for whoever restarts or balances, /metrics for whoever watches: words and numbers, never a person or a secret.

import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { problem } from './problem.ts';

/** Why the house cannot serve now, as words for programs. */
export type HealthReason = 'database' | 'disk-full' | 'journal' | 'queue';

export interface Metric {
  /** Without the house's name in front: letters_applied_total. */
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  /** By the word of its one label, or a single number. */
  readonly value: number | { readonly label: string; readonly values: ReadonlyMap<string, number> };
}

export interface HealthNeighbours {
  readonly reasons: () => readonly HealthReason[];
  readonly metrics: () => readonly Metric[];
  /** undefined: /metrics is not there. Loopback is no proof of anything: behind a proxy everybody comes from there. */
  readonly token: string | undefined;
}

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** Mounted at /. */
export function createHealthRoutes({ reasons, metrics, token }: HealthNeighbours): Hono {
  const app = new Hono();
  app.get('/healthz', (context) => {
    const found = reasons();
    return context.json({ ready: found.length === 0, reasons: found }, found.length === 0 ? 200 : 503);
  });
  app.get('/metrics', (context) => {
    if (token === undefined) return problem('notFound');
    const given = /^Bearer (\S+)$/.exec(context.req.header('authorization') ?? '')?.[1];
    if (given === undefined || !isSame(given, token)) return problem('signedOut');
    return new Response(formatMetrics(metrics()), { headers: { 'content-type': TEXT, 'cache-control': 'no-store' } });
  });
  return app;
}

/** Prometheus text, version 0.0.4. */
export function formatMetrics(metrics: readonly Metric[]): string {
  return metrics
    .flatMap(({ name, help, type, value }) => {
      const whole = `siegel_${name}`;
      const head = [`# HELP ${whole} ${help}`, `# TYPE ${whole} ${type}`];
      if (typeof value === 'number') return [...head, `${whole} ${value}`, ''];
      return [...head, ...[...value.values].map(([word, count]) => `${whole}{${value.label}="${word}"} ${count}`), ''];
    })
    .join('\n');
}

function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
