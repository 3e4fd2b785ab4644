// The standing statement for the commands: made for its signatures, put, shown.

import { err, ok, type Result } from '#base/result.ts';
import { dayOf } from '#formats/desk/calendar-day.ts';
import { describeDeskRefusal, nameOfRefusal } from '#office/desk/book/desk-refusals.ts';
import type { Desk } from '#office/desk/book/desk.ts';
import type { DeskStatements } from '#office/desk/book/desk-statements.ts';
import { openStatements } from '#office/desk/statement/read-statements.ts';
import { isOver, parseStatement, statementDigest } from '#office/desk/statement/statement.ts';
import type { OperatorHandlers, OperatorRefusal, ResultOf } from '../operator-methods.ts';

type StatementMethod = Extract<keyof OperatorHandlers, `statement.${string}`>;
type Refusal = Extract<Awaited<ReturnType<DeskStatements['publish']>>, { ok: false }>['error'];

export function createStatementHandlers(
  desk: Desk,
  statements: DeskStatements,
): Pick<OperatorHandlers, StatementMethod> {
  const reader = openStatements(desk);
  return {
    'statement.draft': async ({ wish }) => {
      const draft = await statements.draft(wish);
      return draft.ok ? ok({ statement: draft.value }) : refused(draft.error);
    },
    'statement.publish': ({ statement, signatures }) => publish(statements, statement, signatures),
    'statement.show': async () => {
      const published = await reader.newest();
      if (published === undefined) return ok({ published: null });
      const { statement, text, signatures, signers, zone } = published;
      const today = dayOf(zone, (await desk.register()).nowMs);
      return ok({
        published: {
          statement: text,
          signatures: [...signatures],
          signers: signers.map(({ name, role, fingerprint }) => ({ name, role, fingerprint })),
          until: statement.until,
          isOver: isOver(statement, today),
        },
      });
    },
  };
}

async function publish(
  statements: DeskStatements,
  text: string,
  signatures: readonly string[],
): Promise<Result<ResultOf<'statement.publish'>, OperatorRefusal>> {
  const published = await statements.publish(text, signatures);
  if (!published.ok) return refused(published.error);
  const parsed = parseStatement(text);
  if (!parsed.ok) throw new Error('what was taken is a statement');
  return ok({
    until: parsed.value.until,
    sha256: statementDigest(text),
    head: published.value.heads.at(-1) ?? '',
  });
}

function refused(refusal: Refusal): { readonly ok: false; readonly error: OperatorRefusal } {
  if (refusal.kind === 'statement') return err({ kind: refusal.why, sentence: refusal.what });
  return err({ kind: nameOfRefusal(refusal), sentence: describeDeskRefusal(refusal) });
}
