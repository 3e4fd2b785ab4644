// A day's sessions with one domain as the JSON of a TLS report (RFC 8460 §4).

/** §4.3; those that a client of ours can meet. */
export type TlsFailure =
  | 'starttls-not-supported'
  | 'certificate-host-mismatch'
  | 'certificate-expired'
  | 'certificate-not-trusted'
  | 'validation-failure'
  | 'sts-policy-fetch-error'
  | 'sts-policy-invalid'
  | 'sts-webpki-invalid';

export interface TlsFailureCount {
  readonly type: TlsFailure;
  readonly mxHost: string;
  readonly sessionsCount: number;
}

export interface TlsDay {
  readonly domain: string;
  /** Midnight UTC. */
  readonly startMs: number;
  readonly policy: {
    readonly type: 'sts' | 'no-policy-found';
    readonly lines: readonly string[];
    readonly mx: readonly string[];
  };
  readonly successesCount: number;
  readonly failures: readonly TlsFailureCount[];
}

export interface TlsReporter {
  readonly organization: string;
  readonly contact: string;
  readonly reportId: string;
}

const DAY_MS = 86_400_000;

export function formatTlsReport(day: TlsDay, reporter: TlsReporter): string {
  const { policy } = day;
  const failed = day.failures.reduce((sum, { sessionsCount }) => sum + sessionsCount, 0);
  return JSON.stringify({
    'organization-name': reporter.organization,
    'date-range': { 'start-datetime': timeOf(day.startMs), 'end-datetime': timeOf(day.startMs + DAY_MS - 1_000) },
    'contact-info': reporter.contact,
    'report-id': reporter.reportId,
    policies: [
      {
        policy: {
          'policy-type': policy.type,
          ...(policy.type === 'sts' ? { 'policy-string': policy.lines, 'mx-host': policy.mx } : {}),
          'policy-domain': day.domain,
        },
        summary: { 'total-successful-session-count': day.successesCount, 'total-failure-session-count': failed },
        ...(day.failures.length === 0
          ? {}
          : {
              'failure-details': day.failures.map(({ type, mxHost, sessionsCount }) => ({
                'result-type': type,
                ...(mxHost === '' ? {} : { 'receiving-mx-hostname': mxHost }),
                'failed-session-count': sessionsCount,
              })),
            }),
      },
    ],
  });
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
