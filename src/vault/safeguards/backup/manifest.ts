// What a backup holds and what was found when it was tried: canonical JSON, signed with a key of the kit (decision 0015).

import { BASE32 } from '#base/ids.ts';
import { sign, verify, type KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalBytes, canonicalJson } from '#formats/canonical-json/canonical-json.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const hex64 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const idPattern = /^\d{8}-\d{6}-[a-z2-7]{6}$/;
const backupId = v.pipe(v.string(), v.regex(idPattern));
/** Below the data folder; never upwards, never absolute. */
const path = v.pipe(
  v.string(),
  v.maxLength(200),
  v.regex(/^(?:journal|book|base|certificate)(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/),
);
const laneEnd = v.strictObject({ seq: count, hash: hex64 });

const manifestShape = v.strictObject({
  v: v.literal(1),
  id: backupId,
  instance: v.string(),
  takenMs: count,
  /** When it was last restored and found whole; null: not yet, so it does not count. */
  verifiedMs: v.nullable(count),
  build: v.string(),
  journal: v.strictObject({ number: count, body: laneEnd, key: laneEnd }),
  /** The copy of the rows; null: they are made of the journal alone. */
  base: v.nullable(v.strictObject({ systemIdentifier: v.string(), appliedSeq: count, schema: count })),
  /** Σ of the letters and of their places, as they were found when it was tried. */
  ledger: v.nullable(v.strictObject({ accounts: count, letters: count, placements: count, head: hex64 })),
  /** A login made for this backup alone, answered by the kit when it is tried. */
  probe: v.strictObject({ setupId: v.string(), record: v.string() }),
  files: v.array(v.strictObject({ path, bytes: count, digest: hex64, objects: v.array(hex64) })),
  /** By name: bytes of the content, bytes and SHA-256 as they lie at the place. */
  objects: v.record(hex64, v.strictObject({ bytes: count, sealedBytes: count, digest: hex64 })),
});

export type Manifest = v.InferOutput<typeof manifestShape>;
export type ManifestFile = Manifest['files'][number];
export type ManifestObject = Manifest['objects'][string];

export type ManifestRefusal = { readonly kind: 'manifestDamaged' } | { readonly kind: 'manifestForeign' };

const CONTEXT = Buffer.from('siegel/backup/manifest/v1\0');
const envelopeShape = v.strictObject({ manifest: v.unknown(), signature: v.string() });

export function formatManifest(manifest: Manifest, signs: KeyObject): Buffer {
  const signature = toBase64Url(sign(null, Buffer.concat([CONTEXT, canonicalBytes(manifest)]), signs));
  return Buffer.from(`${canonicalJson({ manifest, signature })}\n`);
}

/** `manifestForeign`: whole, but signed by another house’s kit. Anything but the very bytes that were written is damage. */
export function parseManifest(bytes: Uint8Array, checks: KeyObject): Result<Manifest, ManifestRefusal> {
  if (bytes.length > limits.backup.manifestBytes) return err({ kind: 'manifestDamaged' });
  const envelope = v.safeParse(envelopeShape, readJson(bytes));
  const parsed = envelope.success ? v.safeParse(manifestShape, envelope.output.manifest) : undefined;
  if (!envelope.success || !parsed?.success) return err({ kind: 'manifestDamaged' });
  const manifest = parsed.output;
  const { signature } = envelope.output;
  if (Buffer.compare(bytes, Buffer.from(`${canonicalJson({ manifest, signature })}\n`)) !== 0)
    return err({ kind: 'manifestDamaged' });
  const signed = fromBase64(signature);
  if (signed?.length !== 64) return err({ kind: 'manifestDamaged' });
  if (!verify(null, Buffer.concat([CONTEXT, canonicalBytes(manifest)]), checks, signed))
    return err({ kind: 'manifestForeign' });
  return isConsistent(manifest) ? ok(manifest) : err({ kind: 'manifestDamaged' });
}

/** Every file is made of objects that are listed, of that many bytes, and nothing else is listed. */
function isConsistent({ files, objects }: Manifest): boolean {
  const used = new Set(files.flatMap((file) => file.objects));
  return (
    used.size === Object.keys(objects).length &&
    new Set(files.map((file) => file.path)).size === files.length &&
    files.every(
      (file) => file.objects.reduce((sum, name) => sum + (objects[name]?.bytes ?? Number.NaN), 0) === file.bytes,
    )
  );
}

/** Sorts by time: 20261122-130405-k3f9aq. */
export function makeBackupId(takenMs: number, random: Uint8Array): string {
  const time = new Date(takenMs)
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .replace('T', '-');
  return `${time}-${Array.from(random.subarray(0, 6), (byte) => BASE32.charAt(byte & 31)).join('')}`;
}

export function isBackupId(text: string): boolean {
  return idPattern.test(text);
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
