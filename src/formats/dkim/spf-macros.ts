// Macros in SPF records (RFC 7208 §7): `%{ir}.%{v}._spf.%{d2}` → a name to look up.

export interface MacroFacts {
  readonly senderLocal: string;
  readonly senderDomain: string;
  /** The domain whose record is being read. */
  readonly domain: string;
  /** 4 or 16 bytes. */
  readonly ip: Uint8Array;
  readonly greetingName: string;
}

const MACRO = /%(?:\{([slodiphv])(\d{0,3})(r?)([.\-+,/_=]*)\}|([%_-]))/gi;
const TOP_LABEL = /\.(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])\.?$/i;
const NAME_CHARACTERS_MAX = 253;
const SPEC_CHARACTERS_MAX = 512;

/** Visible characters and well-formed macros. */
export function isMacroString(text: string): boolean {
  return /^[\x21-\x7e]*$/.test(text) && !text.replace(MACRO, '').includes('%');
}

/** A macro string that ends like a domain: in a top label or a macro (§7.1). */
export function isDomainSpec(text: string): boolean {
  return (
    text !== '' &&
    text.length <= SPEC_CHARACTERS_MAX &&
    isMacroString(text) &&
    (TOP_LABEL.test(text) || /%\{[^}]*\}$/.test(text))
  );
}

/** The name, cut from the left to what a name may be; call only with what `isDomainSpec` accepted. */
export function expandMacros(text: string, facts: MacroFacts): string {
  const name = text.replace(
    MACRO,
    (_, letter: string | undefined, digits: string, reversed: string, marks: string, other: string) => {
      if (letter === undefined) return { '%': '%', _: ' ', '-': '%20' }[other] ?? '';
      const value = transform(valueOf(letter.toLowerCase(), facts), digits, reversed !== '', marks);
      return letter === letter.toUpperCase() ? encodeURIComponent(value) : value;
    },
  );
  let cut = name.replace(/\.$/, '');
  while (cut.length > NAME_CHARACTERS_MAX) cut = cut.slice(cut.indexOf('.') + 1);
  return cut;
}

function valueOf(letter: string, facts: MacroFacts): string {
  switch (letter) {
    case 's':
      return `${facts.senderLocal}@${facts.senderDomain}`;
    case 'l':
      return facts.senderLocal;
    case 'o':
      return facts.senderDomain;
    case 'd':
      return facts.domain;
    case 'i':
      return facts.ip.length === 4 ? [...facts.ip].join('.') : nibbles(facts.ip);
    case 'v':
      return facts.ip.length === 4 ? 'in-addr' : 'ip6';
    case 'h':
      return facts.greetingName;
    default:
      return 'unknown'; // p: the validated name of the peer; not worth its look-ups (§7.2)
  }
}

function transform(value: string, digits: string, isReversed: boolean, marks: string): string {
  const parts = value.split(new RegExp(`[${(marks || '.').replace(/[-\\\]^]/g, '\\$&')}]`));
  if (isReversed) parts.reverse();
  const count = Number(digits || 0);
  return (count > 0 ? parts.slice(-count) : parts).join('.');
}

export function nibbles(ip: Uint8Array): string {
  return [...ip].flatMap((byte) => [(byte >> 4).toString(16), (byte & 15).toString(16)]).join('.');
}
