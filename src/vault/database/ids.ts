// Our ids (26 letters, base32) as the database's uuids (8-4-4-4-12 hex) and back: the same 16 bytes.

import { idFromBytes, idToBytes, type LoggableId } from '../../base/ids.ts';
import type { Uuid } from './tables.ts';

/** The uuid with the id's 16 bytes; throws on what is not an id. */
export function idToUuid(id: LoggableId): Uuid {
  const bytes = idToBytes(id);
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The id with the uuid's 16 bytes; throws on what is not a uuid as PostgreSQL writes it. */
export function uuidToId<T extends LoggableId>(uuid: Uuid): T {
  return idFromBytes<T>(Buffer.from(uuid.replaceAll('-', ''), 'hex'));
}
