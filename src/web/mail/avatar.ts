// Initials for the round beside a sender's name. Pure.

/** "Jonas Brandt" → JB, "Landgericht Birkhaven" → LH, an address alone → its first letter. */
export function initials(name: string, address: string): string {
  const parts = name
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
    .split(/[\s-]+/)
    .filter((part) => !/^(?:dr|prof|von|van|de)$/i.test(part) && part !== '');
  const first = parts[0] ?? address;
  const last = parts.length > 1 ? (parts.at(-1) ?? '') : '';
  return `${Array.from(first)[0] ?? '?'}${Array.from(last)[0] ?? ''}`.toUpperCase();
}
