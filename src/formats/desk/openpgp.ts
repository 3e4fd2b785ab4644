// OpenPGP, loaded when it is first needed: it takes a tenth of a second, and most houses have no desk.

type OpenPgp = typeof import('openpgp');

let loading: Promise<OpenPgp> | undefined;

/** A service that gives up rights calls it before: afterwards it may not be able to read its own checkout. */
export function loadOpenPgp(): Promise<OpenPgp> {
  loading ??= import('openpgp');
  return loading;
}
