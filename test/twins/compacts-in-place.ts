// The twin of "a segment is written anew beside and put in its place when it is whole": the same program, except that the new one has the segment's name from its first byte.

import { nodeDisk } from '../../src/vault/journal/disk.ts';
import { startKilled } from '../killed-program.ts';

const { create, rename } = nodeDisk;
const realName = (path: string): string => path.replace(/\.compacting$/, '.journal');

nodeDisk.create = async (path) => {
  if (!path.endsWith('.compacting')) return create(path);
  await rename(realName(path), path.replace(/\.compacting$/, '.before'));
  return create(realName(path));
};
nodeDisk.rename = async (from, to) => {
  if (!from.endsWith('.compacting')) await rename(from, to);
};

await startKilled();
