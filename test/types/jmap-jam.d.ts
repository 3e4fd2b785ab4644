// What the tests use of jmap-jam: its own types are TypeScript sources that our compiler settings refuse.

interface EmailRow {
  readonly id: string;
  readonly blobId: string;
  readonly threadId: string;
  readonly size: number;
  readonly subject: string | null;
  readonly receivedAt: string;
  readonly keywords: Readonly<Record<string, boolean>>;
  readonly mailboxIds: Readonly<Record<string, boolean>>;
}

interface MailboxRow {
  readonly id: string;
  readonly name: string;
  readonly role: string | null;
  readonly parentId: string | null;
  readonly sortOrder: number;
  readonly totalEmails: number;
  readonly unreadEmails: number;
}

interface Changes {
  readonly oldState: string;
  readonly newState: string;
  readonly hasMoreChanges: boolean;
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly destroyed: readonly string[];
}

export interface JamResults {
  'Email/get': { readonly state: string; readonly list: readonly EmailRow[]; readonly notFound: readonly string[] };
  'Email/query': {
    readonly queryState: string;
    readonly ids: string[];
    readonly position: number;
    readonly total?: number;
  };
  'Email/changes': Changes;
  'Email/queryChanges': {
    readonly oldQueryState: string;
    readonly newQueryState: string;
    readonly removed: readonly string[];
    readonly added: readonly { readonly id: string; readonly index: number }[];
  };
  'Mailbox/get': { readonly state: string; readonly list: readonly MailboxRow[]; readonly notFound: readonly string[] };
  'Identity/get': { readonly list: readonly { readonly id: string; readonly email: string }[] };
  'Email/set': { readonly created: Readonly<Record<string, { readonly id: string }>> | null };
  'EmailSubmission/get': { readonly list: readonly { readonly id: string; readonly undoStatus: string }[] };
  'EmailSubmission/query': { readonly ids: readonly string[] };
  'EmailSubmission/set': { readonly created: Readonly<Record<string, { readonly id: string }>> | null };
  'Mailbox/changes': Changes & { readonly updatedProperties: readonly string[] | null };
}

interface Draft {
  readonly Email: {
    query(args: object): { $ref(path: string): unknown };
    get(args: object): unknown;
  };
}

export class JamClient {
  constructor(options: { readonly sessionUrl: string; readonly bearerToken: string });
  getPrimaryAccount(): Promise<string>;
  request<M extends keyof JamResults>(call: readonly [M, object]): Promise<[JamResults[M], unknown]>;
  requestMany(draft: (draft: Draft) => object): Promise<[{ readonly emails: JamResults['Email/get'] }, unknown]>;
  downloadBlob(options: object): Promise<Response>;
  uploadBlob(
    accountId: string,
    body: BodyInit,
  ): Promise<{ readonly blobId: string; readonly size: number; readonly type: string }>;
}
