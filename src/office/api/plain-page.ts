// A public page without any script, in the language it is asked in: headers and frame are the same for all of them.

import type { Context } from 'hono';
import { fillFrame, languageOf, type PlainDocument } from '../trust/plain-frame.ts';
import type { Language } from '../trust/trust-facts.ts';
import { pageHeaders, plainPolicy } from './page-headers.ts';

/** `draw`: title and content in a language. Never kept by anybody on the way: the figures are live. */
export async function answerPlainPage(
  context: Context,
  frame: string,
  draw: (language: Language) => Promise<PlainDocument>,
): Promise<Response> {
  const language = languageOf(context.req.query('lang'), context.req.header('accept-language') ?? '');
  return new Response(fillFrame(frame, await draw(language), language), {
    headers: {
      ...pageHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-language': language,
      'cache-control': 'no-store',
      'content-security-policy': plainPolicy,
      vary: 'accept-language',
    },
  });
}
