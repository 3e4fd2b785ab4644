// useLayout: one of three widths; narrow shows one pane at a time.

import { useEffect, useState } from 'preact/hooks';

export type Layout = 'narrow' | 'middle' | 'wide';

function measure(): Layout {
  if (matchMedia('(max-width: 719.98px)').matches) return 'narrow';
  return matchMedia('(max-width: 1179.98px)').matches ? 'middle' : 'wide';
}

export function useLayout(): Layout {
  const [layout, setLayout] = useState(measure);
  useEffect(() => {
    const again = (): void => setLayout(measure());
    window.addEventListener('resize', again);
    return () => window.removeEventListener('resize', again);
  }, []);
  return layout;
}
