// The sentence of a notice. Pure.

import { unreachable } from '#base/assert.ts';
import type { Words } from '../words/words.ts';
import { boxWord } from './box-words.ts';
import type { MailState, Notice } from './mail-state.ts';

export function noticeSentence(notice: Notice, state: MailState, words: Words): string {
  const { what } = notice;
  switch (what.kind) {
    case 'archived':
      return words.toasts.archived(what.count);
    case 'trashed':
      return words.toasts.trashed(what.count);
    case 'deleted':
      return words.toasts.deleted(what.count);
    case 'destroyed':
      return words.toasts.destroyed(what.count);
    case 'moved':
    case 'labelled':
    case 'unlabelled': {
      const box = state.mailboxes.find((known) => known.id === what.mailboxId);
      return words.toasts[what.kind](what.count, box ? boxWord(box, words) : '');
    }
    case 'failed':
      return words.toasts.failed;
    case 'undone':
      return words.toasts.undone;
    case 'saved':
      return words.toasts.saved;
    case 'folder-made':
      return words.toasts.folderMade(what.name);
    case 'folder-removed':
      return words.toasts.folderRemoved(what.name);
    case 'said':
      return what.text;
    default:
      return unreachable(what);
  }
}
