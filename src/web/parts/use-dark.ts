// useDark: whether the page is dark now, by the system's wish or the stored choice.

import { useEffect, useState } from 'preact/hooks';

function isDark(wish: MediaQueryList): boolean {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === undefined ? wish.matches : chosen === 'dark';
}

export function useDark(): boolean {
  const [wish] = useState(() => matchMedia('(prefers-color-scheme: dark)'));
  const [dark, setDark] = useState(() => isDark(wish));
  useEffect(() => {
    const again = (): void => setDark(isDark(wish));
    wish.addEventListener('change', again);
    const watch = new MutationObserver(again);
    watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      wish.removeEventListener('change', again);
      watch.disconnect();
    };
  }, [wish]);
  return dark;
}
