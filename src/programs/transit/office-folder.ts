// Where LibreOffice's own program lies on this machine.

import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LINKS = ['/usr/bin/soffice', '/usr/local/bin/soffice', '/usr/bin/libreoffice'];
const FOLDERS = ['/usr/lib/libreoffice/program', '/usr/lib64/libreoffice/program'];

/** As distributions and the project's own packages put it; undefined: it is not installed. */
export function officeFolder(): string | undefined {
  return [...LINKS.flatMap(folderOf), ...FOLDERS, ...ownFolders()].find((folder) =>
    existsSync(join(folder, 'soffice.bin')),
  );
}

function folderOf(link: string): readonly string[] {
  try {
    return [dirname(realpathSync(link))];
  } catch {
    return [];
  }
}

function ownFolders(): readonly string[] {
  try {
    const names = readdirSync('/opt').filter((name) => /^libreoffice[\d.]*$/.test(name));
    return names.map((name) => join('/opt', name, 'program'));
  } catch {
    return [];
  }
}
