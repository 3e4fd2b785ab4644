// Says what is being done while the office is filled: a bar in a terminal, a line a step elsewhere.

import type { Terminal } from '../command.ts';

const BAR_CHARACTERS = 30;

export interface Telling {
  tell(what: string, done?: number, total?: number): void;
  /** Takes the bar away. */
  end(): void;
}

export function createTelling(terminal: Terminal, isBar = process.stderr.isTTY): Telling {
  let said = '';
  return {
    tell(what, done, total) {
      if (isBar) return draw(what, done, total);
      if (what === said) return;
      said = what;
      terminal.note(total === undefined ? `${what} ...` : `${what} (${total}) ...`);
    },
    end: () => {
      if (isBar) process.stderr.write('\r\u001b[2K');
    },
  };
}

function draw(what: string, done: number | undefined, total: number | undefined): void {
  if (done === undefined || !total) return void process.stderr.write(`\r\u001b[2K${what} ...`);
  const filled = Math.round((BAR_CHARACTERS * done) / total);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_CHARACTERS - filled)}`;
  process.stderr.write(`\r\u001b[2K${bar} ${done} of ${total}  ${what}`);
}
