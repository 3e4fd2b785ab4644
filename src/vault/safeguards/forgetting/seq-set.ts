// A set of record numbers, one bit each: a journal has millions.

export class SeqSet {
  #bits = new Uint8Array(1024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(seq: number): void {
    const at = seq >> 3;
    if (at >= this.#bits.length) {
      const grown = new Uint8Array(Math.max(at + 1, this.#bits.length * 2));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    if (this.has(seq)) return;
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (seq & 7));
    this.#size += 1;
  }

  has(seq: number): boolean {
    return ((this.#bits[seq >> 3] ?? 0) & (1 << (seq & 7))) !== 0;
  }
}
