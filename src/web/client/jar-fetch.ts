// `fetch` for programs that are no browsers: paths are relative to one server, its session cookie is kept in memory.

/** `server`: origin of the server, asked at each request. */
export function jarFetch(server: () => string): typeof fetch {
  const cookies = new Map<string, string>();
  return async (input, init) => {
    const target = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const url = new URL(target, server());
    const headers = new Headers(init?.headers);
    // Cookies go to the one server they came from.
    const isOwn = url.origin === new URL(server()).origin;
    if (isOwn && cookies.size > 0) {
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const response = await fetch(url, { ...init, headers });
    if (isOwn) for (const line of response.headers.getSetCookie()) keepCookie(cookies, line);
    return response;
  };
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';', 1);
  const at = pair.indexOf('=');
  if (at < 1) return;
  const name = pair.slice(0, at).trim();
  const value = pair.slice(at + 1).trim();
  if (value === '') cookies.delete(name);
  else cookies.set(name, value);
}
