// The names an Email/get may ask for, header:… forms included (RFC 8621 §§4.1, 4.2).

import { err, ok, type Result } from '#base/result.ts';
import type { MethodError } from './errors.ts';

export type HeaderForm = 'Raw' | 'Text' | 'Addresses' | 'GroupedAddresses' | 'MessageIds' | 'Date' | 'URLs';

/** header:NAME:asFORM:all */
export interface HeaderProperty {
  /** As it was asked for: the key of the answer. */
  readonly property: string;
  /** Lower-case. */
  readonly field: string;
  readonly form: HeaderForm;
  readonly isAll: boolean;
}

export interface EmailProperties {
  readonly names: ReadonlySet<string>;
  readonly headers: readonly HeaderProperty[];
}

const metadataProperties = ['id', 'blobId', 'threadId', 'mailboxIds', 'keywords', 'size', 'receivedAt'];
/** Convenience properties: header fields in a form. */
export const convenienceHeaders: ReadonlyMap<string, { readonly field: string; readonly form: HeaderForm }> = new Map([
  ['messageId', { field: 'message-id', form: 'MessageIds' }],
  ['inReplyTo', { field: 'in-reply-to', form: 'MessageIds' }],
  ['references', { field: 'references', form: 'MessageIds' }],
  ['sender', { field: 'sender', form: 'Addresses' }],
  ['from', { field: 'from', form: 'Addresses' }],
  ['to', { field: 'to', form: 'Addresses' }],
  ['cc', { field: 'cc', form: 'Addresses' }],
  ['bcc', { field: 'bcc', form: 'Addresses' }],
  ['replyTo', { field: 'reply-to', form: 'Addresses' }],
  ['subject', { field: 'subject', form: 'Text' }],
  ['sentAt', { field: 'date', form: 'Date' }],
]);
const bodyViews = ['hasAttachment', 'preview', 'bodyValues', 'textBody', 'htmlBody', 'attachments'];
const emailNames = new Set([
  ...metadataProperties,
  ...convenienceHeaders.keys(),
  ...bodyViews,
  'bodyStructure',
  'headers',
]);

export const defaultEmailProperties: readonly string[] = [
  ...metadataProperties,
  ...convenienceHeaders.keys(),
  ...bodyViews,
];

const partNames = new Set([
  'partId',
  'blobId',
  'size',
  'headers',
  'name',
  'type',
  'charset',
  'disposition',
  'cid',
  'language',
  'location',
  'subParts',
]);

export const defaultPartProperties: readonly string[] = [
  'partId',
  'blobId',
  'size',
  'name',
  'type',
  'charset',
  'disposition',
  'cid',
  'language',
  'location',
];

export function parseEmailProperties(names: readonly string[]): Result<EmailProperties, MethodError> {
  return parseNames(names, emailNames, 'properties');
}

export function parsePartProperties(names: readonly string[]): Result<EmailProperties, MethodError> {
  return parseNames(names, partNames, 'bodyProperties');
}

function parseNames(
  names: readonly string[],
  known: ReadonlySet<string>,
  argument: string,
): Result<EmailProperties, MethodError> {
  const plain = new Set<string>();
  const headers: HeaderProperty[] = [];
  for (const name of names) {
    if (known.has(name)) plain.add(name);
    else {
      const header = parseHeaderProperty(name);
      if (header === undefined) return err({ kind: 'invalidArguments', arguments: [argument] });
      headers.push(header);
    }
  }
  return ok({ names: plain, headers });
}

const HEADER =
  /^header:([\x21-\x39\x3b-\x7e]{1,200})(?::as(Raw|Text|Addresses|GroupedAddresses|MessageIds|Date|URLs))?(:all)?$/;

/** "header:List-Id:asText:all" → its parts; undefined when malformed or when the field may not be read in that form. */
export function parseHeaderProperty(property: string): HeaderProperty | undefined {
  const match = HEADER.exec(property);
  const field = match?.[1]?.toLowerCase();
  if (match === null || field === undefined) return undefined;
  const form = (match[2] ?? 'Raw') as HeaderForm;
  return isFormAllowed(field, form) ? { property, field, form, isAll: match[3] !== undefined } : undefined;
}

const addressFields = ['from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'resent-from', 'resent-sender'];
addressFields.push('resent-reply-to', 'resent-to', 'resent-cc', 'resent-bcc');
const formOfField = new Map<string, readonly HeaderForm[]>();
for (const field of addressFields) formOfField.set(field, ['Addresses', 'GroupedAddresses']);
for (const field of ['message-id', 'in-reply-to', 'references', 'resent-message-id']) {
  formOfField.set(field, ['MessageIds']);
}
for (const field of ['date', 'resent-date']) formOfField.set(field, ['Date']);
for (const field of ['help', 'unsubscribe', 'subscribe', 'post', 'owner', 'archive']) {
  formOfField.set(`list-${field}`, ['URLs']);
}
for (const field of ['subject', 'comments', 'keywords', 'list-id']) formOfField.set(field, ['Text']);
for (const field of ['return-path', 'received']) formOfField.set(field, []);

/** Fields that RFC 5322 and RFC 2369 do not define may be read in every form. */
function isFormAllowed(field: string, form: HeaderForm): boolean {
  return form === 'Raw' || (formOfField.get(field)?.includes(form) ?? true);
}
