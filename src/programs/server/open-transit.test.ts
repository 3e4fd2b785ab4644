// The address of the room for documents: whoever had it before keeps it, and the start can say so.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Directory, DirectoryAccount } from '#vault/directory/directory.ts';
import { describeTaken, isAddressTaken } from './open-transit.ts';

const ADDRESS = 'optimise@siegel.test';
// what stands in it is not looked at
const account = {} as DirectoryAccount;

function directory(of: 'nobody' | 'account' | 'group'): Pick<Directory, 'findByAddress' | 'findGroup'> {
  return {
    findByAddress: (address) => (of === 'account' && address === ADDRESS ? account : undefined),
    findGroup: (address) => (of === 'group' && address === ADDRESS ? [account] : []),
  };
}

test('an account, an alias or a group that has the address of old keeps its letters, and what to do is said', () => {
  assert.equal(isAddressTaken(directory('nobody'), ADDRESS), false);
  assert.equal(isAddressTaken(directory('account'), ADDRESS), true);
  assert.equal(isAddressTaken(directory('group'), ADDRESS), true);
  assert.match(describeTaken(ADDRESS), /siegel group remove optimise@siegel\.test.*start again/);
});
