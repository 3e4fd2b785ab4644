// `fetch` from an address of one's choice in 127.0.0.0/8, with a user agent and a cookie jar: one browser on one machine.

import { request } from 'node:http';

export interface LocalClient {
  readonly localAddress: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function localFetch(server: () => string, { localAddress, headers }: LocalClient): typeof fetch {
  const cookies = new Map<string, string>();
  return (input, init) => {
    const target = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    const sent = new Headers(init?.headers);
    for (const [name, value] of Object.entries(headers)) sent.set(name, value);
    if (cookies.size > 0) sent.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    return new Promise((resolve, reject) => {
      const options = { method: init?.method ?? 'GET', localAddress, headers: Object.fromEntries(sent) };
      const asked = request(new URL(target, server()), options, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          for (const line of answer.headers['set-cookie'] ?? []) {
            const [pair = ''] = line.split(';', 1);
            const at = pair.indexOf('=');
            cookies.set(pair.slice(0, at), pair.slice(at + 1));
          }
          const status = answer.statusCode ?? 500;
          const body = [204, 205, 304].includes(status) ? null : Buffer.concat(parts);
          resolve(new Response(body, { status }));
        });
      });
      asked.on('error', reject);
      const { body } = init ?? {};
      asked.end(typeof body === 'string' || body instanceof Uint8Array ? body : undefined);
    });
  };
}
