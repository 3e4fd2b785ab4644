// Where a test may stand between two steps of the house's longer works, to end the program there; the program itself names nobody.

type Step = (name: string) => Promise<void>;

export interface HouseSteps {
  /** Of a change, from its plan to its undo. */
  readonly change?: Step;
  /** Of one database taking over from another, and of finding the live one at the start. */
  readonly generations?: Step;
  /** Of erasing and of writing segments anew. */
  readonly forgetting?: Step;
}
