// Settings are a part of their own, loaded when first opened.

import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SettingsProps } from '../settings/settings.tsx';

export function SettingsPlace(of: SettingsProps) {
  const [view, setView] = useState<{ readonly part: FunctionComponent<SettingsProps> } | undefined>(undefined);
  useEffect(() => {
    void import('../settings/settings.tsx').then((module) => setView({ part: module.Settings }));
  }, []);
  if (!view) return <main class="settings" />;
  const Part = view.part;
  return <Part {...of} />;
}
