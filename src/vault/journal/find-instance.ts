// Which house a journal folder belongs to, read from its first whole segment header: asked before the journal is opened.

import type { InstanceId } from '#base/ids.ts';
import { journalPath, type Disk } from './disk.ts';
import { decodeSegmentHeader, parseSegmentName, SEGMENT_HEADER_BYTES } from './segment.ts';

/** Undefined when there is no journal yet. */
export async function findInstance(disk: Disk, directory: string): Promise<InstanceId | undefined> {
  const names = await disk.list(directory).catch((): readonly string[] => []);
  for (const name of names.filter((candidate) => parseSegmentName(candidate) !== undefined)) {
    const file = await disk.open(journalPath(directory, name), 'read');
    try {
      const header = decodeSegmentHeader(await file.read(0, SEGMENT_HEADER_BYTES));
      if (header.ok) return header.value.instanceId;
    } finally {
      await file.close();
    }
  }
  return undefined;
}
