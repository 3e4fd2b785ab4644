// useLater: a part of the page that is loaded when it is first wanted; undefined until it is here.

import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export function useLater<P>(
  load: () => Promise<FunctionComponent<P>>,
  isWanted = true,
): FunctionComponent<P> | undefined {
  const [loaded, setLoaded] = useState<{ readonly part: FunctionComponent<P> } | undefined>(undefined);
  useEffect(() => {
    if (isWanted) void load().then((part) => setLoaded({ part }));
  }, [isWanted]);
  return loaded?.part;
}
