// A letter of the office's mail as it is written down in this folder, and the short way of writing a correspondence.

import { persons } from '../../persons.ts';
import type { Party, SampleFile } from '../../sample-letter-text.ts';

export type { Party };

export interface PlannedLetter {
  /** Working days ago; 0 is today. */
  readonly day: number;
  /** HH:MM on the machine's clock; today's letters are fitted in before now. */
  readonly time: string;
  readonly from: Party;
  readonly to: readonly Party[];
  readonly cc?: readonly Party[];
  readonly subject: string;
  readonly plainText: string;
  readonly plainHtml?: string;
  readonly files?: readonly SampleFile[];
  readonly meeting?: { readonly title: string; readonly place: string; readonly inDays: number; readonly hour: number };
  /** Letters of one thread refer to each other. */
  readonly thread?: string;
  /** `signed`: end-to-end, by the writer's own key. `unproven`: encrypted by somebody whose key nobody here knows. */
  readonly seal?: 'signed' | 'unproven';
  /** Where its reader has put it, once it is some days old. */
  readonly folder?: string;
  readonly isJunk?: boolean;
  readonly isList?: boolean;
  readonly isUnread?: boolean;
  readonly isStarred?: boolean;
}

export function party(name: string, address: string): Party {
  return { name, address };
}

function ours(key: 'leyla' | 'jonas' | 'mara'): Party {
  const [found] = persons.filter((one) => one.key === key);
  return party(found?.name ?? '', found?.address ?? '');
}

export const leyla = ours('leyla');
export const jonas = ours('jonas');
export const mara = ours('mara');
export const secretariat = party('Sekretariat Brandt & Yıldız', 'sekretariat@kanzlei.test');

export type Extra = Partial<Omit<PlannedLetter, 'day' | 'time' | 'plainText'>>;
/** Writer and readers as `h>l` or `h>l,j`; working days ago; time; text; what else there is to say. */
export type Line = readonly [way: string, day: number, time: string, plainText: string, extra?: Extra];

export interface Correspondence {
  readonly thread: string;
  readonly subject: string;
  readonly folder?: string;
  /** Who the short names are; l, j and m are Leyla, Jonas and Mara. */
  readonly cast: Readonly<Record<string, Party>>;
  /** Short names of those outside whose letters are sealed end-to-end both ways. */
  readonly sealedWith?: readonly string[];
  readonly replyWord?: 'AW' | 'Re';
  readonly lines: readonly Line[];
}

/** One subject that goes to and fro; a line with a subject of its own begins a thread of its own. */
export function correspondence(of: Correspondence): readonly PlannedLetter[] {
  const cast: Readonly<Record<string, Party>> = { l: leyla, j: jonas, m: mara, ...of.cast };
  const inside = new Set(['l', 'j', 'm', ...(of.sealedWith ?? [])]);
  return of.lines.map(([way, day, time, plainText, extra], at) => {
    const [writer = '', readers = ''] = way.split('>');
    const names = [writer, ...readers.split(',')];
    const isSealed = names.every((name) => inside.has(name));
    const people = names.map((name) => cast[name] ?? party(name, `${name}@nowhere.test`));
    const [from = leyla, ...to] = people;
    return {
      day,
      time,
      from,
      to,
      subject: at === 0 ? of.subject : `${of.replyWord ?? 'AW'}: ${of.subject}`,
      plainText,
      ...(extra?.subject === undefined ? { thread: of.thread } : {}),
      ...(of.folder === undefined ? {} : { folder: of.folder }),
      ...(isSealed ? { seal: 'signed' as const } : {}),
      ...extra,
    };
  });
}
