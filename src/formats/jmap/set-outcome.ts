// Collects what a /set did, object by object, and says it in the shape of RFC 8620 §5.3.

import type { SetError } from './errors.ts';
import { errorObject } from './errors.ts';

export class SetOutcome {
  readonly #created = new Map<string, Readonly<Record<string, unknown>>>();
  readonly #updated = new Map<string, Readonly<Record<string, unknown>> | null>();
  readonly #destroyed: string[] = [];
  readonly #notCreated = new Map<string, SetError>();
  readonly #notUpdated = new Map<string, SetError>();
  readonly #notDestroyed = new Map<string, SetError>();

  /** `members`: what the server set by itself, the id at least. */
  created(creationId: string, members: Readonly<Record<string, unknown>>): void {
    this.#created.set(creationId, members);
  }
  /** `members`: what changed beyond what was asked for; null when nothing did. */
  updated(id: string, members: Readonly<Record<string, unknown>> | null = null): void {
    this.#updated.set(id, members);
  }
  destroyed(id: string): void {
    this.#destroyed.push(id);
  }
  notCreated(creationId: string, error: SetError): void {
    this.#notCreated.set(creationId, error);
  }
  notUpdated(id: string, error: SetError): void {
    this.#notUpdated.set(id, error);
  }
  notDestroyed(id: string, error: SetError): void {
    this.#notDestroyed.set(id, error);
  }

  response(states: { readonly oldState: string; readonly newState: string }): Record<string, unknown> {
    return {
      ...states,
      created: orNull(this.#created),
      updated: orNull(this.#updated),
      destroyed: this.#destroyed.length === 0 ? null : this.#destroyed,
      notCreated: orNull(errors(this.#notCreated)),
      notUpdated: orNull(errors(this.#notUpdated)),
      notDestroyed: orNull(errors(this.#notDestroyed)),
    };
  }
}

function errors(refused: ReadonlyMap<string, SetError>): Map<string, Record<string, unknown>> {
  return new Map([...refused].map(([id, error]) => [id, errorObject(error)]));
}

function orNull(members: ReadonlyMap<string, unknown>): Record<string, unknown> | null {
  return members.size === 0 ? null : Object.fromEntries(members);
}
