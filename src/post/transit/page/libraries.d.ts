// What this room uses of libheif-js, which brings types for its other build only.

declare module 'libheif-js/wasm-bundle.js' {
  interface HeifError {
    /** 0 is success; an object of its own numbers. */
    readonly code: { readonly value: number };
  }
  /** A picture or list in the library's memory. */
  interface HeifHandle {
    readonly code?: undefined;
  }
  interface HeifChannel {
    readonly width: number;
    readonly height: number;
    /** Bytes from row to row. */
    readonly stride: number;
    readonly data: Uint8Array;
  }
  interface HeifDecoded {
    readonly code?: undefined;
    readonly image: number;
    readonly channels: readonly HeifChannel[];
  }
  interface Libheif {
    readonly HEAPU8: Uint8Array;
    readonly heif_colorspace: { readonly heif_colorspace_RGB: object };
    readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: object };
    heif_get_global_security_limits(): number;
    heif_context_alloc(): number;
    heif_context_free(context: number): void;
    heif_context_read_from_memory(context: number, bytes: Uint8Array): HeifError;
    heif_js_context_get_list_of_top_level_image_IDs(context: number): readonly number[] | HeifError;
    heif_js_context_get_image_handle(context: number, id: number): HeifHandle | HeifError;
    heif_image_handle_get_width(handle: HeifHandle): number;
    heif_image_handle_get_height(handle: HeifHandle): number;
    heif_image_handle_release(handle: HeifHandle): void;
    heif_js_decode_image2(handle: HeifHandle, space: object, chroma: object): Promise<HeifDecoded | HeifError>;
    heif_image_release(image: number): void;
  }
  export type { HeifChannel, HeifDecoded, HeifError, HeifHandle, Libheif };
  const libheif: Libheif;
  export default libheif;
}
