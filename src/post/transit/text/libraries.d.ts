// What this room uses of tesseract.js-core, which brings no types of its own.

declare module 'tesseract.js-core/*' {
  interface ResultIterator {
    Begin(): void;
    Next(level: number): boolean;
    Empty(level: number): boolean;
    IsAtBeginningOf(level: number): boolean;
    GetUTF8Text(level: number): string;
    Confidence(level: number): number;
    getBoundingBox(level: number): { x0: number; y0: number; x1: number; y1: number };
    getBaseline(level: number): { x0: number; y0: number; x1: number; y1: number; has_baseline: boolean };
  }
  interface BaseApi {
    /** 0 is success. */
    Init(dataPath: string | null, languages: string, engine: number, configFile?: string): number;
    SetVariable(name: string, value: string): boolean;
    SetPageSegMode(mode: number): void;
    /** Reads `/input` of the core's own memory; 1 is failure. */
    SetImageFile(exifOrientation: number, angle: number): number;
    SetSourceResolution(dpi: number): void;
    SetRectangle(left: number, top: number, width: number, height: number): void;
    /** 0 is success. */
    Recognize(monitor: null): number;
    GetIterator(): ResultIterator;
    MeanTextConf(): number;
    Clear(): void;
    End(): void;
  }
  interface Core {
    TessBaseAPI: new () => BaseApi;
    /** Files in memory; none of the disk's are among them. */
    FS: {
      writeFile(path: string, bytes: Uint8Array | string): void;
      unlink(path: string): void;
    };
    destroy(what: object): void;
  }
  export type { BaseApi, Core, ResultIterator };
  export default function load(options: {
    print: (text: string) => void;
    printErr: (text: string) => void;
  }): Promise<Core>;
}
