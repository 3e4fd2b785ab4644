// Settings are a part of their own, loaded when first opened.

import { useLater } from '../parts/use-later.ts';
import type { SettingsProps } from '../settings/settings.tsx';

export function SettingsPlace(of: SettingsProps) {
  const Part = useLater<SettingsProps>(async () => (await import('../settings/settings.tsx')).Settings);
  return Part ? <Part {...of} /> : <main class="settings" />;
}
