// Expected failure as a value: every refusal the house foresees travels as a Result, never as an exception.

export type Refusal = { readonly kind: string };

export type Ok<T> = { readonly ok: true; readonly value: T };
export type Err<E extends Refusal> = { readonly ok: false; readonly error: E };
export type Result<T, E extends Refusal> = Ok<T> | Err<E>;

export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

export function err<const E extends Refusal>(error: E): Err<E> {
  return { ok: false, error };
}
