// A tar archive of plain files, the same bytes for the same files: no owner, no time (POSIX.1-1988 ustar).

const BLOCK = 512;
const SIZE_MAX = 8 ** 11 - 1;

/** Header, contents, and zeros up to the next block. `name`: ASCII, at most 100 characters. */
export function tarFile(name: string, bytes: Uint8Array): readonly Uint8Array[] {
  const padding = (BLOCK - (bytes.length % BLOCK)) % BLOCK;
  return [tarHeader(name, bytes.length), bytes, new Uint8Array(padding)];
}

export function tarEnd(): Uint8Array {
  return new Uint8Array(2 * BLOCK);
}

function tarHeader(name: string, size: number): Uint8Array {
  if (!/^[\x21-\x7e]{1,100}$/.test(name) || size > SIZE_MAX) throw new Error('a name or size that tar does not hold');
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 'latin1');
  header.write('0000600\0', 100, 'latin1');
  header.write('0000000\0', 108, 'latin1'); // owner
  header.write('0000000\0', 116, 'latin1'); // group
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  header.write('00000000000\0', 136, 'latin1'); // time
  header.write('        ', 148, 'latin1'); // the checksum counts itself as spaces
  header.write('0', 156, 'latin1');
  header.write('ustar\0', 257, 'latin1');
  header.write('00', 263, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}
