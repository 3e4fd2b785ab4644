// A fingerprint as people compare it: capital letters, in fours.

export function fingerprintGroups(hex: string): readonly string[] {
  return hex.toUpperCase().match(/.{1,4}/g) ?? [];
}

export function groupedFingerprint(hex: string): string {
  return fingerprintGroups(hex).join(' ');
}
