// Recipients' rules on clear letters: a small safe list, shaped so that Sieve (RFC 5228) can replace it. Nothing in it loses a letter.

import * as v from 'valibot';
import { unreachable } from '#base/assert.ts';
import { limits } from '#base/limits.ts';
import { parseId, type MailboxId } from '#base/ids.ts';

const mailboxId = v.pipe(
  v.string(),
  v.transform((text) => parseId<MailboxId>(text)),
  v.check((id) => id !== undefined, 'not a mailbox id'),
  v.transform((id): MailboxId => id ?? ('' as MailboxId)),
);

export const ruleSchema = v.strictObject({
  if: v.strictObject({
    /** `to` is To and Cc; `list` is List-Id. */
    field: v.picklist(['from', 'to', 'subject', 'list']),
    /** `domain`: the part behind @ of any address of the field, or a subdomain of it. */
    op: v.picklist(['is', 'contains', 'domain']),
    value: v.pipe(v.string(), v.minLength(1), v.maxLength(320)),
  }),
  // oxlint-disable-next-line unicorn/no-thenable -- a plain object, never a function: nothing awaits it
  then: v.strictObject({
    moveTo: v.optional(mailboxId),
    markRead: v.optional(v.boolean()),
    flag: v.optional(v.boolean()),
  }),
});
export const rulesSchema = v.pipe(v.array(ruleSchema), v.maxLength(limits.account.rulesMax), v.readonly());
export type Rule = v.InferOutput<typeof ruleSchema>;

/** What rules see of a clear letter; addresses as `local@domain`, texts decoded. */
export interface PlainTraits {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly subject: string;
  readonly list: string;
}

export interface RuleOutcome {
  /** undefined: no rule names a mailbox. */
  readonly moveTo: MailboxId | undefined;
  readonly keywords: readonly string[];
}

/** All matching rules count; the first that names a mailbox wins. */
export function applyRules(rules: readonly Rule[], plain: PlainTraits): RuleOutcome {
  let moveTo: MailboxId | undefined;
  const keywords = new Set<string>();
  for (const rule of rules) {
    if (!matches(rule, plain)) continue;
    moveTo ??= rule.then.moveTo;
    if (rule.then.markRead === true) keywords.add('$seen');
    if (rule.then.flag === true) keywords.add('$flagged');
  }
  return { moveTo, keywords: [...keywords] };
}

function matches(rule: Rule, plain: PlainTraits): boolean {
  const wanted = fold(rule.if.value);
  const field = plain[rule.if.field];
  const values = (typeof field === 'string' ? [field] : field).map(fold);
  switch (rule.if.op) {
    case 'is':
      return values.includes(wanted);
    case 'contains':
      return values.some((value) => value.includes(wanted));
    case 'domain':
      return values.some((value) => hasDomain(value, wanted.replace(/^@/, '')));
    default:
      return unreachable(rule.if.op);
  }
}

function hasDomain(value: string, wanted: string): boolean {
  const domain = value.slice(value.lastIndexOf('@') + 1);
  return domain === wanted || domain.endsWith(`.${wanted}`);
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().trim();
}
