// Rules as the page shows them and as the door acts on them.

import * as v from 'valibot';
import { isId, type MailboxId } from '#base/ids.ts';
import { err, ok } from '#base/result.ts';
import type { Backend, Rule } from '../backend.ts';
import type { OpenSession } from './open-session.ts';
import { changeRefusal } from './signed-change.ts';

const mailboxId = v.custom<MailboxId>((value) => typeof value === 'string' && isId(value));
const doorRule = v.object({
  if: v.object({ field: v.picklist(['from', 'to', 'subject']), op: v.literal('contains'), value: v.string() }),
  // oxlint-disable-next-line unicorn/no-thenable -- a plain object, never a function: nothing awaits it
  then: v.object({
    moveTo: v.optional(mailboxId),
    markRead: v.optional(v.boolean()),
    flag: v.optional(v.boolean()),
  }),
});
type DoorRule = v.InferOutput<typeof doorRule>;

export function createDoorRules({ door }: OpenSession): Pick<Backend, 'rules' | 'setRules'> {
  return {
    async rules() {
      const answer = await door.get('/auth/rules', 'rules');
      return answer.ok ? answer.value.rules.flatMap(shown) : [];
    },
    async setRules(rules) {
      const put = await door.call('rulesPut', { rules: rules.map(forDoor) });
      return put.ok ? ok(undefined) : err(changeRefusal(put.error));
    },
  };
}

/** Rules made elsewhere that this page cannot show are left out. */
function shown(value: unknown): readonly Rule[] {
  const parsed = v.safeParse(doorRule, value);
  if (!parsed.success) return [];
  const { field, value: contains } = parsed.output.if;
  const action = actionOf(parsed.output.then);
  return action ? [{ id: undefined, field, contains, action }] : [];
}

function actionOf({ moveTo, flag, markRead }: DoorRule['then']): Rule['action'] | undefined {
  if (moveTo !== undefined) return { kind: 'move', mailboxId: moveTo };
  if (flag === true) return { kind: 'star' };
  return markRead === true ? { kind: 'read' } : undefined;
}

function forDoor({ field, contains, action }: Rule): DoorRule {
  const condition = { field, op: 'contains', value: contains } as const;
  switch (action.kind) {
    case 'move':
      // oxlint-disable-next-line unicorn/no-thenable
      return { if: condition, then: { moveTo: action.mailboxId } };
    case 'star':
      // oxlint-disable-next-line unicorn/no-thenable
      return { if: condition, then: { flag: true } };
    case 'read':
    default:
      // oxlint-disable-next-line unicorn/no-thenable
      return { if: condition, then: { markRead: true } };
  }
}
