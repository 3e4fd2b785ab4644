// Documents as the drop page hands them in: read while they come, within bounds, into memory and nowhere else.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { orderFrame } from '#formats/transit-wire/drop-frames.ts';
import { createFrameReader, type Frame } from '#formats/transit-wire/frames.ts';
import type { OptimiseOrder, Profile, SentFile } from '#post/transit/contract.ts';

export interface DroppedOrder {
  readonly order: OptimiseOrder;
  readonly language: 'de' | 'en';
}

export type OrderRefusal = { readonly kind: 'notAnOrder' | 'tooLarge' };

export async function readOrder(request: Request): Promise<Result<DroppedOrder, OrderRefusal>> {
  const { dropLineBytes, letterBytes } = limits.transit;
  const reader = createFrameReader({ headBytes: dropLineBytes, bytes: letterBytes });
  const order = createOrderBuilder();
  try {
    for await (const piece of request.body ?? []) {
      const frames = reader.push(piece);
      if (!frames.ok) return err({ kind: frames.error.kind === 'tooLarge' ? 'tooLarge' : 'notAnOrder' });
      for (const frame of frames.value) {
        const refusal = order.take(frame);
        if (refusal) return err(refusal);
      }
    }
  } catch {
    return err({ kind: 'notAnOrder' }); // the connection ended in the middle
  }
  return reader.end().ok ? order.finish() : err({ kind: 'notAnOrder' });
}

interface OrderBuilder {
  take(frame: Frame): OrderRefusal | undefined;
  finish(): Result<DroppedOrder, OrderRefusal>;
}

function createOrderBuilder(): OrderBuilder {
  const files: SentFile[] = [];
  let wishes: { readonly profile: Profile; readonly language: 'de' | 'en' } | undefined;
  let sum = 0;
  return {
    take({ head, bytes }) {
      const parsed = v.safeParse(orderFrame, head);
      // wishes come first and once, and bring no bytes
      if (!parsed.success || (parsed.output.kind === 'order') !== (wishes === undefined)) return { kind: 'notAnOrder' };
      if (parsed.output.kind === 'order') {
        wishes = parsed.output;
        return bytes.length === 0 ? undefined : { kind: 'notAnOrder' };
      }
      sum += bytes.length;
      if (sum > limits.transit.letterBytes || files.length >= limits.transit.dropFilesMax) return { kind: 'tooLarge' };
      files.push({ name: parsed.output.name, bytes });
      return undefined;
    },
    finish() {
      if (wishes === undefined || files.length === 0) return err({ kind: 'notAnOrder' });
      const { profile, language } = wishes;
      return ok({ order: { files, profile, wantsPreviews: true }, language });
    },
  };
}
