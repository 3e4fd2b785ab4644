// Files chosen, dropped or pasted: read into memory with their real progress; nothing leaves before the letter is sealed.

import type { ComposeModel } from './compose-model.ts';

export async function readFiles(model: ComposeModel, files: readonly File[]): Promise<void> {
  await Promise.all(files.map((file) => readOne(model, file)));
}

async function readOne(model: ComposeModel, file: File): Promise<void> {
  const key = model.addFile({
    name: file.name || 'image.png',
    mediaType: file.type || 'application/octet-stream',
    sizeBytes: file.size,
    bytes: undefined,
    readShare: 0,
    contentId: undefined,
  });
  try {
    const bytes = new Uint8Array(file.size);
    let at = 0;
    const reader = file.stream().getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes.set(part.value, at);
      at += part.value.length;
      model.patchFile(key, { readShare: at / Math.max(1, file.size) });
    }
    model.patchFile(key, { bytes, readShare: 1 });
  } catch {
    // A folder, or a file that went away.
    model.removeFile(key);
    model.patch({ hindrance: { kind: 'unreadable-file', name: file.name } });
  }
}
