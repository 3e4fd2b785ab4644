// The rules that act at the door: checked as the door reads them, kept under the settings key.

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import type { AnswerBody } from '#formats/auth-wire/auth-answers.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { rulesSchema } from '#post/reception/rules.ts';
import { readAccount } from '#vault/database/accounts-read.ts';
import { openSetting, sealSetting } from '#vault/keykit/settings-seal.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter } from './counter.ts';
import { keep, sessionActor } from './house.ts';
import type { LiveSession } from './sessions.ts';
import { settled } from './signed-change.ts';

const sealedRules = v.pipe(v.string(), v.parseJson(), rulesSchema);

export async function readRules(
  { house }: Counter,
  { accountId }: LiveSession,
): Promise<Result<AnswerBody<'rules'>, AuthRefusal>> {
  const account = await readAccount(house.reader, accountId);
  if (!account) return err({ kind: 'signedOut' });
  const { rules } = account;
  const plain = rules && rules.length > 0 ? openSetting(house.kit.settingsKey, accountId, 'rules', rules) : undefined;
  const parsed = v.safeParse(sealedRules, plain ? new TextDecoder().decode(plain) : '[]');
  return ok({ rules: parsed.success ? [...parsed.output] : [] });
}

export async function putRules(
  { house }: Counter,
  { accountId, sessionId }: LiveSession,
  of: RequestBody<'rulesPut'>,
): Promise<Result<void, AuthRefusal>> {
  const parsed = v.safeParse(rulesSchema, of.rules);
  if (!parsed.success) return err({ kind: 'badRequest' });
  const plain = canonicalBytes(parsed.output);
  const sealed = toBase64Url(sealSetting(house.kit.settingsKey, accountId, 'rules', plain));
  return settled(await keep(house, accountId, { kind: 'rulesPut', effect: { sealed } }, sessionActor(sessionId)));
}
