// Names that tools/build-page.ts fills in: addresses of the workers, which carry a hash of their content.

declare const MAIL_WORKER_URL: string;
declare const KEY_WORKER_URL: string;

/** Trusted Types where the browser has them (W3C Trusted Types); typed by hand, as strings, because sinks are typed as strings. */
declare var trustedTypes:
  | {
      createPolicy<T extends { createHTML?: (input: string) => string; createScriptURL?: (input: string) => string }>(
        name: 'dompurify' | 'letter' | 'worker',
        rules: T,
      ): T;
    }
  | undefined;
