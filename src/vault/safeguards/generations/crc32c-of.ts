// CRC-32C over many megabytes, four bytes at a step, as PostgreSQL writes it into a backup_manifest: hex of the least significant byte first.

const TABLES = Array.from({ length: 4 }, () => new Uint32Array(256));
for (const [place, table] of TABLES.entries()) {
  for (let i = 0; i < 256; i++) {
    let value = at(TABLES[place - 1], i);
    if (place > 0) value = at(TABLES[0], value & 0xff) ^ (value >>> 8);
    else for (let bit = 0, rest = i; bit < 8; bit++) value = rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
    table[i] = value >>> 0;
  }
}

function at(table: Uint32Array | undefined, index: number): number {
  return table?.[index] ?? 0;
}

export function crc32cOf(): { update(part: Uint8Array): void; hex(): string } {
  let crc = 0xffffffff;
  const [one, two, three, four] = TABLES;
  return {
    update(part) {
      const whole = part.length - (part.length % 4);
      const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
      for (let i = 0; i < whole; i += 4) {
        const x = crc ^ view.getUint32(i, true);
        crc = at(four, x & 0xff) ^ at(three, (x >>> 8) & 0xff) ^ at(two, (x >>> 16) & 0xff) ^ at(one, x >>> 24);
      }
      for (const byte of part.subarray(whole)) crc = at(one, (crc ^ byte) & 0xff) ^ (crc >>> 8);
    },
    hex() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE((crc ^ 0xffffffff) >>> 0);
      return bytes.toString('hex');
    },
  };
}
