// Files out of archives and letters, nested within bounds; what cannot be opened stays what it is, with the reason.

import { unreachable } from '#base/assert.ts';
import { limits } from '#base/limits.ts';
import { safeFileName } from '#formats/message/content-type.ts';
import type { FileKind, KeepReason, SentFile } from '../contract.ts';
import { Budget } from './budget.ts';
import { isInvoiceXml } from './invoice-xml.ts';
import { keepCovered } from './keep-covered.ts';
import { openLetter } from './open-letter.ts';
import { openMsg } from './open-msg.ts';
import { openZip } from './open-zip.ts';
import { isEncryptedEnvelope, probe } from './probe.ts';

export interface FoundFile {
  /** Last part of what its sender called it, without control and direction characters; never empty. */
  readonly name: string;
  readonly kind: FileKind;
  /** Archives, their folders, and letters, outermost first. */
  readonly foundIn: readonly string[];
  readonly bytes: Uint8Array;
  /** Why nothing is to be done with it. */
  readonly kept: KeepReason | undefined;
  /** Bytes of the letter of which this is what its attachments left. */
  readonly restOf: Uint8Array | undefined;
}

/** What is left of the letter's bounds. */
export interface Bounds {
  readonly entries: number;
  readonly bytes: number;
  /** How deep the files themselves lie in others. */
  readonly depth: number;
}

/** In the order they were sent and packed; nothing is dropped, nothing comes twice. */
export function extractFiles(
  files: readonly SentFile[],
  bounds: Bounds,
  foundIn: readonly string[] = [],
): readonly FoundFile[] {
  const budget = new Budget(bounds);
  return keepCovered(files.flatMap((file) => openFile(file, foundIn, { budget, depth: bounds.depth })));
}

interface Place {
  readonly budget: Budget;
  readonly depth: number;
}

function openFile(file: SentFile, foundIn: readonly string[], place: Place): readonly FoundFile[] {
  const kind = probe(file.bytes);
  const name = plainName(file.name);
  const leaf = { name, kind, foundIn, bytes: file.bytes, kept: undefined, restOf: undefined };
  switch (kind) {
    case 'pdf':
    case 'jpeg':
    case 'png':
    case 'tiff':
    case 'webp':
    case 'heic':
    case 'office':
      return [leaf];
    case 'p7s':
      return [{ ...leaf, kept: isEncryptedEnvelope(file.bytes) ? 'encrypted' : 'signed' }];
    case 'other':
      return [{ ...leaf, kept: isInvoiceXml(file.bytes) ? 'invoice' : 'unknownKind' }];
    case 'zip':
    case 'eml':
    case 'msg':
      if (place.depth >= limits.transit.depthMax) return [{ ...leaf, kept: 'tooDeep' }];
      return kind === 'zip' ? openArchive(leaf, place) : openMail(leaf, place);
    default:
      return unreachable(kind);
  }
}

function openArchive(archive: FoundFile, { budget, depth }: Place): readonly FoundFile[] {
  const opened = openZip(archive.bytes, budget);
  if (!opened.ok) return [{ ...archive, kept: opened.error.kind }];
  if (opened.value.length === 0) return [{ ...archive, kept: 'unknownKind' }];
  return opened.value.flatMap(({ path, bytes }) => {
    const folders = path.split(/[/\\]/).slice(0, -1).map(plainFolder);
    const foundIn = [...archive.foundIn, archive.name, ...folders.filter((one) => one !== '')];
    return openFile({ name: path, bytes }, foundIn.slice(0, PLACES_MAX), { budget, depth: depth + 1 });
  });
}

function openMail(letter: FoundFile, { budget, depth }: Place): readonly FoundFile[] {
  const opened = letter.kind === 'msg' ? openMsg(letter.bytes, budget) : openLetter(letter.bytes, budget);
  if (!opened.ok) return [{ ...letter, kept: opened.error.kind }];
  const { attachments, rest } = opened.value;
  if (rest === undefined) return [{ ...letter, kept: 'unknownKind' }];
  const foundIn = [...letter.foundIn, letter.name].slice(0, PLACES_MAX);
  const inside = attachments.flatMap((file) => openFile(file, foundIn, { budget, depth: depth + 1 }));
  return [{ ...letter, bytes: rest, restOf: letter.bytes }, ...inside];
}

const PLACES_MAX = 20;
const FOLDER_CHARACTERS = 60;

function plainName(name: string): string {
  const plain = safeFileName(name.replaceAll('\0', ''));
  return plain === '' ? 'file' : plain;
}

/** `..` and what hides itself say nothing about where a file was. */
function plainFolder(name: string): string {
  return safeFileName(name).slice(0, FOLDER_CHARACTERS).toWellFormed();
}
