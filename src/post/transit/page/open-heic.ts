// HEIC by libheif: how many pictures a file holds and the pixels of each, turned as the file says; thumbnails, depths and masks are none of them.

import type { HeifError, HeifHandle, Libheif } from 'libheif-js/wasm-bundle.js';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { heifPixels } from '#formats/heif/heif-pixels.ts';
import { heifSort } from '#formats/heif/heif-sort.ts';
import type { PictureRefusal } from './read-facts.ts';

/** Red, green, blue and how much shows, a byte each. */
export interface HeicPixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

const PIXELS_MAX = limits.transit.pictureMegapixels * 1_000_000;
const RGBA = 4;
/** heif_security_limits: behind its version stands what a picture may have at most. */
const LIMITS_VERSION_MIN = 1;
const PIXELS_AT = 8;
const PIXELS_BEFORE = 2n ** 30n;

let started: Promise<Libheif> | undefined;

export async function countHeic(bytes: Uint8Array): Promise<Result<number, PictureRefusal>> {
  return onFile(bytes, async (_, __, ids) => ok(ids.length));
}

/** `frame` from 0, in the file's order; `use` is done with the pixels when it settles. */
export async function onHeic<T>(
  bytes: Uint8Array,
  frame: number,
  use: (picture: HeicPixels) => Promise<Result<T, PictureRefusal>>,
): Promise<Result<T, PictureRefusal>> {
  return onFile(bytes, async (library, context, ids) => {
    const id = ids[frame];
    const handle = id === undefined ? undefined : library.heif_js_context_get_image_handle(context, id);
    if (handle === undefined || isError(handle)) return err({ kind: 'damaged' });
    try {
      const [width, height] = [
        library.heif_image_handle_get_width(handle),
        library.heif_image_handle_get_height(handle),
      ];
      if (width * height > PIXELS_MAX) return err({ kind: 'pictureTooLarge' });
      return await decode(library, handle, use);
    } finally {
      library.heif_image_handle_release(handle);
    }
  });
}

async function decode<T>(
  library: Libheif,
  handle: HeifHandle,
  use: (picture: HeicPixels) => Promise<Result<T, PictureRefusal>>,
): Promise<Result<T, PictureRefusal>> {
  const { heif_colorspace_RGB: space } = library.heif_colorspace;
  const { heif_chroma_interleaved_RGBA: chroma } = library.heif_chroma;
  const decoded = await library.heif_js_decode_image2(handle, space, chroma);
  if (isError(decoded)) return err({ kind: 'damaged' });
  try {
    const [channel] = decoded.channels;
    if (channel === undefined || channel.data.length < channel.height * channel.width * RGBA)
      return err({ kind: 'damaged' });
    const { width, height, stride, data } = channel;
    return await use({ width, height, rgba: withoutGaps(data, { width: width * RGBA, height, stride }) });
  } finally {
    library.heif_image_release(decoded.image);
  }
}

function withoutGaps(
  data: Uint8Array,
  { width, height, stride }: { readonly width: number; readonly height: number; readonly stride: number },
): Uint8Array {
  if (stride === width) return data.subarray(0, width * height);
  const rows = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) rows.set(data.subarray(row * stride, row * stride + width), row * width);
  return rows;
}

/** What the boxes claim is looked at before the library sees a byte. */
async function onFile<T>(
  bytes: Uint8Array,
  use: (library: Libheif, context: number, ids: readonly number[]) => Promise<Result<T, PictureRefusal>>,
): Promise<Result<T, PictureRefusal>> {
  if (heifSort(bytes) === 'moving') return err({ kind: 'animated' });
  const pixels = heifPixels(bytes);
  if (pixels === undefined) return err({ kind: 'damaged' });
  if (pixels > PIXELS_MAX) return err({ kind: 'pictureTooLarge' });
  const library = await (started ??= start());
  const context = library.heif_context_alloc();
  try {
    const read = library.heif_context_read_from_memory(context, bytes);
    if (read.code.value !== 0) return err({ kind: 'damaged' });
    const ids = library.heif_js_context_get_list_of_top_level_image_IDs(context);
    if (!Array.isArray(ids) || ids.length === 0) return err({ kind: 'damaged' });
    return await use(library, context, ids);
  } finally {
    library.heif_context_free(context);
  }
}

/** The library's own bound is set as ours: the coded picture may be larger than its boxes say. */
async function start(): Promise<Libheif> {
  const { default: library } = await import('libheif-js/wasm-bundle.js');
  const at = library.heif_get_global_security_limits();
  const view = new DataView(library.HEAPU8.buffer);
  if (view.getUint8(at) < LIMITS_VERSION_MIN || view.getBigUint64(at + PIXELS_AT, true) !== PIXELS_BEFORE)
    throw new Error('this libheif keeps its bounds elsewhere');
  view.setBigUint64(at + PIXELS_AT, BigInt(Math.min(PIXELS_MAX, Number.MAX_SAFE_INTEGER)), true);
  return library;
}

function isError(value: object): value is HeifError {
  return 'code' in value && value.code !== undefined;
}
