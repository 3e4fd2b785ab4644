// The twin of "what a kill interrupted goes on at the next start": the same program, except that it does not remember what it had begun.

import { ChangeBook } from '../../src/vault/safeguards/change/change-book.ts';
import { isUnderWay } from '../../src/vault/safeguards/change/change-state.ts';
import { startKilled } from '../killed-program.ts';

const remembered = Object.getOwnPropertyDescriptor(ChangeBook.prototype, 'changes')?.get;

Object.defineProperty(ChangeBook.prototype, 'changes', {
  get(this: ChangeBook): ChangeBook['changes'] {
    const all = remembered?.call(this) as ChangeBook['changes'];
    return new Map([...all].filter(([, change]) => !isUnderWay(change)));
  },
});

await startKilled();
