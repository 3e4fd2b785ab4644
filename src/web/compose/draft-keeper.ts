// Saves what was changed two seconds after the last change, one save at a time; what could not be saved is tried again.

export const KEEP_AFTER_MS = 2_000;

export class DraftKeeper {
  readonly #save: () => Promise<boolean>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isDirty = false;
  #running: Promise<void> | undefined;

  /** `save` says whether it is kept now. */
  constructor(save: () => Promise<boolean>) {
    this.#save = save;
  }

  get isDirty(): boolean {
    return this.#isDirty || this.#running !== undefined;
  }

  touch(): void {
    this.#isDirty = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.settle(), KEEP_AFTER_MS);
  }

  /** Saves now what is not saved, and waits for what is being saved. */
  async settle(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    if (!this.#isDirty) return;
    this.#isDirty = false;
    this.#running = this.#run();
    await this.#running;
  }

  /** What was changed is somebody else's now: no more saves of it. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#isDirty = false;
    await this.#running;
    this.#isDirty = false;
  }

  async #run(): Promise<void> {
    try {
      if (!(await this.#save())) this.#isDirty = true;
    } finally {
      this.#running = undefined;
    }
  }
}
