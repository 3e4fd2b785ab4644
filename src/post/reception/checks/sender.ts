// MAIL: room on disk and in RAM, size announced, letters beyond ASCII. The null sender is welcome.

import type { MailFrom } from '#formats/smtp/smtp-path.ts';
import type { ReceptionNeighbours } from '../neighbours.ts';
import type { RefusalKind } from '../refusals.ts';
import type { LettersInFlight } from './letters-in-flight.ts';

export interface SenderCheckOptions {
  readonly letterBytesMax: number;
  /** What a letter without SIZE is taken for. */
  readonly letterBytesUsual: number;
}

export function checkSender(
  from: MailFrom,
  options: SenderCheckOptions,
  neighbours: Pick<ReceptionNeighbours, 'mayAccept'>,
  inFlight: Pick<LettersInFlight, 'hasRoomFor'>,
): RefusalKind | undefined {
  if (from.needsUtf8 && !from.smtpUtf8) return 'needsUtf8';
  if (from.sizeBytes !== undefined && from.sizeBytes > options.letterBytesMax) return 'tooLarge';
  const accepting = neighbours.mayAccept();
  if (!accepting.ok) return accepting.error.kind;
  if (!inFlight.hasRoomFor(from.sizeBytes ?? options.letterBytesUsual)) return 'noRoom';
  return undefined;
}
