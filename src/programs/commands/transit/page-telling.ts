// Where the work is, while it goes on: one line that changes on a terminal, a line a page elsewhere, nothing with --json.

import type { Progress } from '#post/transit/contract.ts';
import type { Call } from '../../command.ts';
import { plainName } from './plain-name.ts';

export interface PageTelling {
  readonly tell: (progress: Progress) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

const STEPS: Readonly<Record<Progress['step'], string>> = {
  reading: 'looking inside',
  page: 'cleaning and reading',
  binding: 'binding',
  checking: 'checking',
  done: 'done',
};
const LINE_CHARACTERS = 100;
const NAME_CHARACTERS = 48;

export function createPageTelling(call: Pick<Call, 'json' | 'terminal'>, isLine = process.stderr.isTTY): PageTelling {
  if (isLine && !call.json)
    return {
      tell: (progress) => process.stderr.write(`\r\u001b[2K${sentence(progress).slice(0, LINE_CHARACTERS)}`),
      end: () => process.stderr.write('\r\u001b[2K'),
    };
  let said = '';
  return {
    tell(progress) {
      const now = sentence(progress);
      if (!call.json && now !== said) call.terminal.note(now);
      said = now;
    },
    end: () => undefined,
  };
}

function sentence({ file, step, page, pages }: Progress): string {
  const where = step === 'page' && pages > 0 ? `page ${Math.min(page + 1, pages)} of ${pages} · ` : '';
  return `${plainName(file, NAME_CHARACTERS)}  ${where}${STEPS[step]}`;
}
