// A verdict: chosen, then shown exactly as it will be signed, then signed with the account's key.

import { useState } from 'preact/hooks';
import type { DeskFiling } from '#formats/auth-wire/desk-answers.ts';
import { reasons, verdicts, type Reason } from '#formats/desk/model.ts';
import { Button } from '../parts/button.tsx';
import { openDeskWorker } from '../worker/open-desk-worker.ts';
import { emptyVerdict, toVerdict, verdictFault, type VerdictDraft } from './desk-model.ts';
import { troubleText } from './desk-place.ts';
import { useDeskWords } from './use-desk-words.ts';

export interface VerdictFormProps {
  readonly shown: DeskFiling;
  readonly onSigned: () => Promise<void>;
}

export function VerdictForm({ shown, onSigned }: VerdictFormProps) {
  const words = useDeskWords();
  const [draft, setDraft] = useState<VerdictDraft>(emptyVerdict);
  const [step, setStep] = useState<'choosing' | 'looking' | 'signing'>('choosing');
  const [said, setSaid] = useState('');
  const next = (): void => {
    const fault = verdictFault(draft, shown);
    setSaid(fault === undefined ? '' : words.verdict.faults[fault]);
    if (fault === undefined) setStep('looking');
  };
  const sign = async (): Promise<void> => {
    setStep('signing');
    const given = await openDeskWorker().giveVerdict(toVerdict(shown.filing, draft));
    setStep('choosing');
    if (!given.ok) return setSaid(troubleText(given.error, words));
    setDraft(emptyVerdict);
    await onSigned();
  };
  return (
    <section class="desk-part desk-verdict" aria-labelledby="desk-verdict">
      <h2 class="section" id="desk-verdict">
        {words.verdict.title}
      </h2>
      {step === 'choosing' ? (
        <Choice shown={shown} draft={draft} onChange={setDraft} />
      ) : (
        <Summary shown={shown} draft={draft} />
      )}
      <p class="desk-said" role="alert">
        {said}
      </p>
      <div class="desk-do">
        {step === 'choosing' ? (
          <Button kind="primary" onPress={next}>
            {words.verdict.next}
          </Button>
        ) : (
          <>
            <Button kind="primary" disabled={step === 'signing'} onPress={() => void sign()}>
              {step === 'signing' ? words.verdict.signing : words.verdict.sign}
            </Button>
            <Button kind="outline" disabled={step === 'signing'} onPress={() => setStep('choosing')}>
              {words.verdict.back}
            </Button>
          </>
        )}
      </div>
    </section>
  );
}

interface DraftProps {
  readonly shown: DeskFiling;
  readonly draft: VerdictDraft;
}

function Choice({ shown, draft, onChange }: DraftProps & { readonly onChange: (draft: VerdictDraft) => void }) {
  const words = useDeskWords();
  const possible = shown.items.length > 1 ? verdicts : verdicts.filter((one) => one !== 'NARROW');
  return (
    <>
      <fieldset class="desk-choice">
        <legend class="field-label">{words.verdict.which}</legend>
        {possible.map((one) => (
          <label key={one} class="desk-tick">
            <input
              type="radio"
              name="desk-verdict"
              checked={draft.verdict === one}
              onChange={() => onChange({ ...draft, verdict: one })}
            />
            <span>
              {words.verdicts[one]} <span class="meta">{words.verdict.means[one]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {draft.verdict === 'NARROW' ? (
        <fieldset class="desk-choice">
          <legend class="field-label">{words.verdict.items}</legend>
          {shown.items.map((item, at) => (
            <label key={at} class="desk-tick">
              <input
                type="checkbox"
                checked={draft.items.includes(at)}
                onChange={(event) =>
                  onChange({ ...draft, items: ticked(draft.items, at, event.currentTarget.checked) })
                }
              />
              <span>
                {at + 1}. {words.kinds[item.kind]}
              </span>
            </label>
          ))}
        </fieldset>
      ) : null}
      {draft.verdict === 'REJECT' || draft.verdict === 'NARROW' ? (
        <fieldset class="desk-choice">
          <legend class="field-label">{words.verdict.why}</legend>
          {reasons.map((reason) => (
            <label key={reason} class="desk-tick">
              <input
                type="checkbox"
                checked={draft.reasons.includes(reason)}
                onChange={(event) =>
                  onChange({ ...draft, reasons: ticked<Reason>(draft.reasons, reason, event.currentTarget.checked) })
                }
              />
              <span>
                {words.reasons[reason].label} <span class="meta">{words.reasons[reason].means}</span>
              </span>
            </label>
          ))}
        </fieldset>
      ) : null}
    </>
  );
}

function ticked<T>(before: readonly T[], one: T, isSet: boolean): readonly T[] {
  return isSet ? [...before, one] : before.filter((other) => other !== one);
}

/** What goes under the signature. */
function Summary({ shown, draft }: DraftProps) {
  const words = useDeskWords();
  const { filing, verdict, reasons: named, items } = toVerdict(shown.filing, draft);
  const labels = draft.reasons.filter((reason) => named.includes(reason)).map((reason) => words.reasons[reason].label);
  return (
    <div class="desk-summary">
      <p>
        <strong>{words.verdict.summary(filing, words.verdicts[verdict])}</strong>
      </p>
      {labels.length > 0 ? <p>{labels.join(', ')}</p> : null}
      {items === null ? null : <p>{words.filing.onlyItems(items.map((item) => item + 1).join(', '))}</p>}
      <p class="meta">{words.verdict.summaryMeans(shown.caseFiles.length)}</p>
    </div>
  );
}
