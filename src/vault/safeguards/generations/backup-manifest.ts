// PostgreSQL's backup_manifest: which files a copy has, how large they are and what they hash to ("Backup Manifest Format").

import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import { cleanPath } from './tar-entries.ts';

export interface ManifestFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly algorithm: 'CRC32C' | 'SHA256' | 'SHA224' | 'SHA384' | 'SHA512';
  /** Hex. */
  readonly checksum: string;
}

export interface BackupManifest {
  readonly systemIdentifier: string;
  readonly files: ReadonlyMap<string, ManifestFile>;
}

export type ManifestRefusal = { readonly kind: 'malformed' | 'altered' };

const fileSchema = v.object({
  Path: v.optional(v.string()),
  /** Hex, for names that are not UTF-8. */
  'Encoded-Path': v.optional(v.string()),
  Size: v.pipe(v.number(), v.integer(), v.minValue(0)),
  'Checksum-Algorithm': v.picklist(['CRC32C', 'SHA256', 'SHA224', 'SHA384', 'SHA512']),
  Checksum: v.pipe(v.string(), v.regex(/^[0-9a-f]{8,128}$/)),
});
const schema = v.object({
  'PostgreSQL-Backup-Manifest-Version': v.picklist([1, 2]),
  Files: v.pipe(v.array(fileSchema), v.maxLength(limits.generations.entriesMax)),
  'Manifest-Checksum': v.string(),
});

const SUM_LINE = /\n("Manifest-Checksum": "([0-9a-f]{64})"\}\n?)$/;
/** A number beyond 2^53 as JSON has none. */
const IDENTIFIER = /^"System-Identifier": (\d{1,20}),$/m;

/** Its own checksum is that of every byte before the line that names it. */
export function parseBackupManifest(text: string): Result<BackupManifest, ManifestRefusal> {
  const sumLine = SUM_LINE.exec(text);
  const [, line, sum] = sumLine ?? [];
  if (line === undefined || sum === undefined) return err({ kind: 'malformed' });
  const before = text.slice(0, text.length - line.length);
  if (createHash('sha256').update(before).digest('hex') !== sum) return err({ kind: 'altered' });
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (!read.success) return err({ kind: 'malformed' });
  const files = new Map<string, ManifestFile>();
  for (const file of read.output.Files) {
    const encoded = file['Encoded-Path'];
    const path = cleanPath(file.Path ?? Buffer.from(encoded ?? '', 'hex').toString('utf8'));
    if (path === undefined || files.has(path)) return err({ kind: 'malformed' });
    files.set(path, {
      path,
      sizeBytes: file.Size,
      algorithm: file['Checksum-Algorithm'],
      checksum: file.Checksum,
    });
  }
  return ok({ systemIdentifier: IDENTIFIER.exec(text)?.[1] ?? '', files });
}
