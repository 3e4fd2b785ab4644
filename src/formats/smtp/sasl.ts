// What a client says when it signs in: SASL PLAIN (RFC 4616) and LOGIN, each line in base64 (RFC 4954 §4).

/** The text behind one line; undefined when it is not base64 of UTF-8. `=` stands for the empty text. */
export function decodeSaslLine(line: string): string | undefined {
  if (line === '=') return '';
  if (line.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(line)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(line), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export interface PlainCredentials {
  readonly name: string;
  readonly plainPassword: string;
}

/** authzid NUL authcid NUL password. Nobody acts for somebody else here: an authzid must be the name itself. */
export function parseSaslPlain(text: string): PlainCredentials | undefined {
  const [actFor, name, plainPassword, ...rest] = text.split('\0');
  if (actFor === undefined || name === undefined || plainPassword === undefined || rest.length > 0) return undefined;
  if (name === '' || plainPassword === '' || (actFor !== '' && actFor !== name)) return undefined;
  return { name, plainPassword };
}
