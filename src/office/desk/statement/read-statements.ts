// The newest standing statement of the register, with whose signatures are good: checked against the policy it was made under.

import type { Desk } from '../book/desk.ts';
import type { RosterMember } from '#formats/desk/policy-shape.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import { checkStatement } from './check-statement.ts';
import { parseStatement, type Statement } from './statement.ts';

export interface PublishedStatement {
  readonly statement: Statement;
  /** The canonical text that was signed. */
  readonly text: string;
  /** Armored. */
  readonly signatures: readonly string[];
  /** Empty: they are not those of two people who may sign. */
  readonly signers: readonly RosterMember[];
  /** Of the policy it was made under; days begin by it. */
  readonly zone: string;
}

export interface StatementReader {
  /** Undefined: there is none. Throws when the register holds something that was never written so. */
  newest(): Promise<PublishedStatement | undefined>;
}

export function openStatements(desk: Pick<Desk, 'register' | 'inForce'>): StatementReader {
  let kept: { readonly key: string; readonly published: PublishedStatement } | undefined;
  return {
    async newest() {
      const register = await desk.register();
      const event = (await register.ofKind('STATED')).at(-1)?.event;
      if (event?.kind !== 'STATED') return undefined;
      const { statement: text, signatures } = event;
      const parsed = parseStatement(text);
      if (!parsed.ok) throw new Error('what the register holds as a statement is none');
      const standing = await desk.inForce(register);
      const policies = standing.ok ? standing.value.policies : [];
      const policy = policies.find((one) => policyDigest(one) === parsed.value.policy);
      const key = JSON.stringify([text, signatures, policy === undefined]);
      if (kept?.key !== key) {
        const checked = policy && (await checkStatement(text, signatures, policy));
        const signers = checked?.ok === true ? checked.value.signers : [];
        kept = { key, published: { statement: parsed.value, text, signatures, signers, zone: policy?.zone ?? 'UTC' } };
      }
      return kept.published;
    },
  };
}
