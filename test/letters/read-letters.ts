// Reads the letters of this folder for tests: every .eml with its theme and name.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type StoredLetter = { readonly theme: string; readonly name: string; readonly bytes: Uint8Array };

/** All letters, sorted by theme and name; with `theme` those of one folder. */
export function readLetters(theme?: string): readonly StoredLetter[] {
  const themes = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && (theme === undefined || entry.name === theme))
    .map((entry) => entry.name)
    .sort();
  return themes.flatMap((folder) =>
    readdirSync(join(import.meta.dirname, folder))
      .filter((file) => file.endsWith('.eml'))
      .sort()
      .map((file) => ({
        theme: folder,
        name: `${folder}/${file.slice(0, -4)}`,
        bytes: new Uint8Array(readFileSync(join(import.meta.dirname, folder, file))),
      })),
  );
}
