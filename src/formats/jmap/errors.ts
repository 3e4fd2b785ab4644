// The error names of JMAP: request level, method level, and per object in /set (RFC 8620 §§3.6, 5.3; RFC 8621; RFC 9425).

export type RequestErrorKind = 'unknownCapability' | 'notJSON' | 'notRequest' | 'limit';

/** An RFC 7807 problem body: the whole request was refused. */
export interface RequestProblem {
  readonly kind: RequestErrorKind;
  readonly status: 400 | 429;
  readonly detail: string;
  /** Which limit of the session object was exceeded. */
  readonly limit?: string;
}

export type MethodErrorType =
  | 'serverUnavailable'
  | 'serverFail'
  | 'serverPartialFail'
  | 'unknownMethod'
  | 'invalidArguments'
  | 'invalidResultReference'
  | 'forbidden'
  | 'accountNotFound'
  | 'accountNotSupportedByMethod'
  | 'accountReadOnly'
  | 'requestTooLarge'
  | 'stateMismatch'
  | 'cannotCalculateChanges'
  | 'tooManyChanges'
  | 'anchorNotFound'
  | 'unsupportedSort'
  | 'unsupportedFilter'
  | 'fromAccountNotFound'
  | 'fromAccountNotSupportedByMethod';

/** One method call was refused; the calls after it still run. */
export interface MethodError {
  readonly kind: MethodErrorType;
  readonly description?: string;
  readonly arguments?: readonly string[];
}

export type SetErrorType =
  | 'forbidden'
  | 'overQuota'
  | 'tooLarge'
  | 'rateLimit'
  | 'notFound'
  | 'invalidPatch'
  | 'willDestroy'
  | 'invalidProperties'
  | 'singleton'
  | 'blobNotFound'
  | 'tooManyKeywords'
  | 'tooManyMailboxes'
  | 'mailboxHasChild'
  | 'mailboxHasEmail'
  | 'forbiddenFrom'
  | 'forbiddenToSend'
  | 'forbiddenMailFrom'
  | 'noRecipients'
  | 'tooManyRecipients'
  | 'invalidRecipients'
  | 'invalidEmail'
  | 'cannotUnsend'
  // of urn:siegel:params:jmap:sealed, for letters to the place for documents: nothing was sent and nothing is kept
  | 'documentsAlone'
  | 'documentsNone'
  | 'documentsTooLong'
  | 'documentsLater'
  | 'documentsRefused'
  // of urn:siegel:params:jmap:sealed: another client wrote a later version, read it and try again
  | 'versionMismatch';

/** One object of a /set was refused; the others may stand. */
export interface SetError {
  readonly kind: SetErrorType;
  readonly description?: string;
  readonly properties?: readonly string[];
  /** With blobNotFound. */
  readonly notFound?: readonly string[];
  /** With invalidRecipients, tooManyRecipients, tooLarge of a submission (RFC 8621 §7.5). */
  readonly invalidRecipients?: readonly string[];
  readonly maxRecipients?: number;
  readonly maxSize?: number;
}

/** A refusal as it travels: `kind` is called `type` on the wire. */
export function errorObject(error: MethodError | SetError): Record<string, unknown> {
  const { kind, ...facts } = error;
  return { type: kind, ...facts };
}

/** The problem document of a refused request (RFC 8620 §3.6.1). */
export function problemObject(problem: RequestProblem): Record<string, unknown> {
  return {
    type: `urn:ietf:params:jmap:error:${problem.kind}`,
    status: problem.status,
    detail: problem.detail,
    ...(problem.limit === undefined ? {} : { limit: problem.limit }),
  };
}
