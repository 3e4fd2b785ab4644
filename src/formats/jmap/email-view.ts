// A letter as the Email object of RFC 8621 §4: header fields in their forms, body parts, from the bytes of a message.

import { unreachable } from '#base/assert.ts';
import { parseAddresses } from '../message/addresses.ts';
import { parseDate } from '../message/dates.ts';
import { decodeEncodedWords } from '../message/encoded-words.ts';
import { binaryToText, fieldText, type HeaderField } from '../message/header-fields.ts';
import type { Part } from '../message/parts.ts';
import { fileNameOf } from '../message/part-content.ts';
import { convenienceHeaders, type EmailProperties, type HeaderForm, type HeaderProperty } from './email-properties.ts';

type Members = Record<string, unknown>;

/** Convenience headers and header:… properties that were asked for. */
export function headerMembers(fields: readonly HeaderField[], wanted: EmailProperties): Members {
  const members: Members = {};
  for (const [property, { field, form }] of convenienceHeaders) {
    if (wanted.names.has(property)) members[property] = readField(fields, { property, field, form, isAll: false });
  }
  for (const header of wanted.headers) members[header.property] = readField(fields, header);
  return members;
}

/** One header property: the last instance of the field, null without one; with :all every instance in order. */
export function readField(fields: readonly HeaderField[], { field, form, isAll }: HeaderProperty): unknown {
  const found = fields.filter((candidate) => candidate.name === field);
  if (isAll) return found.map((instance) => inForm(instance, form));
  const last = found.at(-1);
  return last === undefined ? null : inForm(last, form);
}

/** The `headers` property: names as they are written, values raw. */
export function rawHeaders(fields: readonly HeaderField[], bytes: Uint8Array): unknown {
  return fields.map((field) => ({
    name: new TextDecoder('latin1').decode(bytes.subarray(field.startOffset, field.valueOffset - 1)).trimEnd(),
    value: rawText(field),
  }));
}

export interface PartView {
  /** null for multiparts. */
  readonly partId: string | null;
  readonly blobId: string | null;
  /** Decoded bytes; for multiparts 0. */
  readonly sizeBytes: number;
  readonly subParts: readonly PartView[] | null;
  readonly part: Part;
}

/** An EmailBodyPart with the properties asked for; a multipart always shows its parts. */
export function partMembers(view: PartView, wanted: EmailProperties, bytes: Uint8Array): Members {
  const { part } = view;
  const { contentType, disposition } = part;
  const isText = contentType.type === 'text';
  const all: Members = {
    partId: view.partId,
    blobId: view.blobId,
    size: view.sizeBytes,
    name: fileNameOf(part) || null,
    type: contentType.mediaType,
    charset: contentType.parameters.get('charset') ?? (isText ? 'us-ascii' : null),
    disposition: disposition?.kind ?? null,
    cid: part.contentId ?? null,
    language: languagesOf(part.fields),
    location: part.fields.find((field) => field.name === 'content-location')?.rawValue.trim() ?? null,
  };
  const members: Members = {};
  for (const [name, value] of Object.entries(all)) if (wanted.names.has(name)) members[name] = value;
  if (wanted.names.has('headers')) members['headers'] = rawHeaders(part.fields, bytes);
  for (const header of wanted.headers) members[header.property] = readField(part.fields, header);
  if (view.subParts !== null) members['subParts'] = view.subParts.map((inner) => partMembers(inner, wanted, bytes));
  else if (wanted.names.has('subParts')) members['subParts'] = null;
  return members;
}

function languagesOf(fields: readonly HeaderField[]): unknown {
  const field = fields.find((candidate) => candidate.name === 'content-language');
  const tags = field === undefined ? [] : (fieldText(field).match(/[A-Za-z0-9-]+/g) ?? []);
  return tags.length === 0 ? null : tags;
}

function inForm(field: HeaderField, form: HeaderForm): unknown {
  switch (form) {
    case 'Raw':
      return rawText(field);
    case 'Text':
      return decodeEncodedWords(fieldText(field)).normalize('NFC');
    case 'Addresses':
      return addressesOf(field).filter((entry) => entry.email !== '');
    case 'GroupedAddresses':
      return groupsOf(field);
    case 'MessageIds': {
      const ids = fieldText(field).match(/<[^<>\s]+>/g);
      return ids === null ? null : ids.map((id) => id.slice(1, -1));
    }
    case 'Date':
      return dateOf(fieldText(field));
    case 'URLs': {
      const urls = fieldText(field).match(/<[^<>]+>/g);
      return urls === null ? null : urls.map((url) => url.slice(1, -1).replaceAll(/\s+/g, ''));
    }
    default:
      return unreachable(form);
  }
}

function rawText(field: HeaderField): string {
  return binaryToText(field.rawValue).replaceAll('\0', '');
}

type Entry = { readonly name: string | null; readonly email: string };

function addressesOf(field: HeaderField): Entry[] {
  return parseAddresses(fieldText(field)).map(({ name, address }) => ({
    name: name === '' ? null : name,
    email: address,
  }));
}

/** Empty groups keep their name; members of a group stand in one nameless list, as the address parser hands them out. */
function groupsOf(field: HeaderField): unknown {
  const entries = addressesOf(field);
  const members = entries.filter((entry) => entry.email !== '');
  const groups: Members[] = members.length === 0 ? [] : [{ name: null, addresses: members }];
  for (const entry of entries) if (entry.email === '') groups.push({ name: entry.name, addresses: [] });
  return groups;
}

/** RFC 3339 with the offset the field names; null when the text is no date. */
function dateOf(text: string): string | null {
  const date = parseDate(text);
  if (date === undefined) return null;
  const minutes = date.zoneMinutes ?? 0;
  const local = new Date(date.atMs + minutes * 60_000).toJSON() ?? '';
  if (!/^\d{4}-/.test(local)) return null;
  if (minutes === 0) return local.replace('.000Z', 'Z');
  const two = (value: number): string => String(value).padStart(2, '0');
  const zone = `${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return local.replace(/(\.000)?Z$/, zone);
}
