// The RAM budget for letters between DATA and their answer: beyond it MAIL is told to come back.

export interface LettersInFlight {
  /** Whether another letter of about this size may begin. */
  hasRoomFor(sizeBytes: number): boolean;
  /** Takes bytes of the budget; false (and nothing taken) when they are not there. */
  take(sizeBytes: number): boolean;
  putBack(sizeBytes: number): void;
  readonly bytes: number;
  /** The highest `bytes` so far. */
  readonly highestBytes: number;
}

export function createLettersInFlight(budgetBytes: number): LettersInFlight {
  let bytes = 0;
  let highestBytes = 0;
  return {
    hasRoomFor: (sizeBytes) => bytes + sizeBytes <= budgetBytes,
    take(sizeBytes) {
      if (bytes + sizeBytes > budgetBytes) return false;
      bytes += sizeBytes;
      if (bytes > highestBytes) highestBytes = bytes;
      return true;
    },
    putBack(sizeBytes) {
      bytes -= sizeBytes;
    },
    get bytes() {
      return bytes;
    },
    get highestBytes() {
      return highestBytes;
    },
  };
}
