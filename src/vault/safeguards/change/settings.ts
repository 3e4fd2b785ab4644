// Settings that say how long something is kept: changed by a change, read from the history; a blank one means nothing and is refused.

import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import type { Change } from './change-state.ts';
import { refuse, type ChangeRefusal } from './refusals.ts';

interface Setting {
  readonly prose: string;
  /** In days. */
  readonly fallback: number;
  readonly max: number;
  readonly mayBeNever: boolean;
  readonly mayBeNow: boolean;
}

/** Every such setting once. */
export const keepSettings = {
  'attic-days': {
    prose: 'how long a dropped table or column waits in the attic',
    fallback: limits.change.atticDays,
    max: limits.change.atticDays, // the history budget: nothing that was taken away is kept longer
    mayBeNever: false,
    mayBeNow: true,
  },
} as const satisfies Record<string, Setting>;

export type KeepSetting = keyof typeof keepSettings;

/** Nobody means “delete everything” by leaving a field empty (or by a zero that a form put there). */
export function checkSetting(name: string, text: string): Result<string, ChangeRefusal> {
  if (!isSetting(name))
    return refuse('badSetting', {
      name,
      what: `There is no such setting; there are: ${Object.keys(keepSettings).join(', ')}.`,
    });
  const setting: Setting = keepSettings[name];
  const value = text
    .trim()
    .toLowerCase()
    .replace(/\s*days?$/, '');
  if (value === '' || /^[-+]?0+(?:\.0*)?$/.test(value)) return refuse('blankSetting', { name });
  if (value === 'now') return setting.mayBeNow ? ok(value) : refuse('badSetting', { name, what: 'It cannot be now.' });
  if (value === 'never')
    return setting.mayBeNever ? ok(value) : refuse('badSetting', { name, what: `It is at most ${setting.max} days.` });
  if (!/^[1-9]\d{0,4}$/.test(value) || Number(value) > setting.max)
    return refuse('badSetting', {
      name,
      what: `It is a whole number of days from 1 to ${setting.max}${setting.mayBeNow ? ', or now' : ''}.`,
    });
  return ok(value);
}

/** What holds now, in days; 0: at once. */
export function settingDays(changes: Iterable<Change>, name: KeepSetting): number {
  let days: number = keepSettings[name].fallback;
  for (const { draft, standing } of changes) {
    const value =
      draft.content.kind === 'settings' && standing === 'verified' ? draft.content.settings[name] : undefined;
    if (value !== undefined) days = value === 'now' ? 0 : value === 'never' ? Infinity : Number(value);
  }
  return days;
}

function isSetting(name: string): name is KeepSetting {
  return Object.hasOwn(keepSettings, name);
}
