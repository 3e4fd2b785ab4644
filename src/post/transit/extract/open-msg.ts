// A letter as Outlook saves it taken apart: its attachments, and the letter itself with their places left empty, so that no word of it is lost.

import { err, ok, type Result } from '#base/result.ts';
import type { CfbStorage } from '#formats/cfb/cfb-tree.ts';
import { readCfb } from '#formats/cfb/read-cfb.ts';
import { writeCfb } from '#formats/cfb/write-cfb.ts';
import { asOwnFile, withoutContent } from '#formats/msg/part-msg.ts';
import { isMsg, type MsgAttachment, type MsgView, readMsg } from '#formats/msg/read-msg.ts';
import type { KeepReason } from '../contract.ts';
import type { Budget } from './budget.ts';
import { type OpenedLetter, SHOWN_BYTES_MAX } from './open-letter.ts';
import { isEncryptedEnvelope } from './probe.ts';

type LetterRefusal = { readonly kind: KeepReason };

/** A signed or encrypted letter is not taken apart: `signed`, `encrypted`. */
export function openMsg(bytes: Uint8Array, budget: Budget): Result<OpenedLetter, LetterRefusal> {
  const read = readCfb(bytes);
  if (!read.ok) return err({ kind: read.error.kind });
  const root = read.value;
  if (!isMsg(root)) return err({ kind: 'unknownKind' });
  const view = readMsg(root);
  const refusal = judge(view);
  if (refusal !== undefined) return err({ kind: refusal });
  const taken = view.attachments.filter((one) => one.content.kind !== 'none' && !isShownInText(one));
  if (taken.length === 0) return ok({ attachments: [], rest: undefined });
  const entries = budget.spend(taken.length, 0);
  if (entries !== undefined) return err({ kind: entries });
  const attachments: { readonly name: string; readonly bytes: Uint8Array }[] = [];
  for (const one of taken) {
    const content = contentOf(one, root);
    const spent = budget.spend(0, content.length);
    if (spent !== undefined) return err({ kind: spent });
    attachments.push({ name: nameOf(one), bytes: content });
  }
  return ok({ attachments, rest: writeCfb(withoutContent(root, new Set(taken.map(({ storage }) => storage)))) });
}

function judge({ messageClass, attachments }: MsgView): KeepReason | undefined {
  const types = attachments.map(({ mediaType }) => mediaType);
  if (types.includes('application/pgp-encrypted') || types.includes('application/x-microsoft-rpmsg-message'))
    return 'encrypted';
  if (types.includes('application/pgp-signature') || types.includes('multipart/signed')) return 'signed';
  // Outlook keeps such a letter as one attachment: all that was signed, or all that was encrypted
  if (!/\bSMIME\b|\.Secure\b/i.test(messageClass)) return undefined;
  const isEncrypted = attachments.some(({ content }) => content.kind === 'bytes' && isEncryptedEnvelope(content.bytes));
  return isEncrypted ? 'encrypted' : 'signed';
}

function isShownInText({ isShownInText: isShown, mediaType, content }: MsgAttachment): boolean {
  const isSmall = content.kind === 'bytes' && content.bytes.length <= SHOWN_BYTES_MAX;
  return isShown && isSmall && mediaType.startsWith('image/');
}

function contentOf({ content }: MsgAttachment, root: CfbStorage): Uint8Array {
  if (content.kind === 'letter') return writeCfb(asOwnFile(content.letter, root));
  return content.kind === 'bytes' ? content.bytes : new Uint8Array();
}

function nameOf({ name, content }: MsgAttachment): string {
  if (content.kind !== 'letter') return name === '' ? 'attachment' : name;
  if (name === '') return 'letter.msg';
  return /\.msg$/i.test(name) ? name : `${name}.msg`;
}
