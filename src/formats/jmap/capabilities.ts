// The capabilities a request may name in `using`, and the methods' arguments they open (RFC 8620 §2).

export const CORE = 'urn:ietf:params:jmap:core';
export const MAIL = 'urn:ietf:params:jmap:mail';
export const SUBMISSION = 'urn:ietf:params:jmap:submission';
export const QUOTA = 'urn:ietf:params:jmap:quota';
/** Sealed summaries, pages, search segments and items; sealed names of mailboxes. */
export const SEALED = 'urn:siegel:params:jmap:sealed';

export const capabilities: readonly string[] = [CORE, MAIL, SUBMISSION, QUOTA, SEALED];
