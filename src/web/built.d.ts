// Names that tools/build-page.ts fills in: addresses of the workers, which carry a hash of their content.

declare const MAIL_WORKER_URL: string;
declare const KEY_WORKER_URL: string;
declare const DESK_WORKER_URL: string;

/** Trusted Types where the browser has them (W3C Trusted Types); its values are typed as strings, because the sinks are. */
declare const trustedTypes: { createPolicy<T>(name: string, rules: T): T };
