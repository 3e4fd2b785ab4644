// What a chapter of the sample office is. Each room of the house adds one: it fills the office with what that room is for.

import type { DemoOffice } from '../demo-office.ts';

export interface Chapter {
  /** Kept in the folder: a chapter that is not in it yet is filled at the next start. */
  readonly name: string;
  /** How far back its first day lies; the office opens on the earliest of all. */
  readonly daysBack: number;
  /** Finds everybody signed in and the clock at the machine's time, and leaves it so. What came before may be relied on. */
  fill(office: DemoOffice): Promise<void>;
}
