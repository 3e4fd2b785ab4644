// The clerk's form: what came on paper, by fax or otherwise; whom it is about is sealed before it leaves the browser.

import type { ComponentChildren } from 'preact';
import { useState, type Dispatch, type StateUpdater } from 'preact/hooks';
import type { DeskArrival, DeskLook } from '#formats/auth-wire/desk-answers.ts';
import { authorityClasses, channels, instruments, kinds } from '#formats/desk/model.ts';
import { Button } from '../parts/button.tsx';
import { DropPlace } from '../parts/drop-place.tsx';
import { Field } from '../parts/field.tsx';
import { Select } from '../parts/select.tsx';
import { openDeskWorker } from '../worker/open-desk-worker.ts';
import { emptyFiling, filingFault, toGiven, type FilingDraft, type FilingFault } from './desk-model.ts';
import { troubleText, type OpenedProps } from './desk-place.ts';
import { readDocuments } from './read-documents.ts';
import { useDeskWords } from './use-desk-words.ts';

export interface FileFormProps extends OpenedProps {
  /** The rejected request that this one puts right. */
  readonly corrects: string | null;
  /** It came in by itself: how and when stands already. */
  readonly arrival: DeskArrival | undefined;
  readonly policy: NonNullable<DeskLook['policy']>;
  readonly nowMs: number;
}

export function FileForm({ corrects, arrival, policy, nowMs, onPlace, onChanged, say }: FileFormProps) {
  const words = useDeskWords();
  const today = localDay(nowMs);
  const [draft, setDraft] = useState<FilingDraft>(() => ({
    ...emptyFiling(arrival === undefined ? today : localDay(arrival.receivedMs), policy.country),
    ...(arrival && { channel: arrival.channel }),
  }));
  const [fault, setFault] = useState<FilingFault | undefined>(undefined);
  const [said, setSaid] = useState('');
  const [isBusy, setBusy] = useState(false);
  const file = async (): Promise<void> => {
    const wrong = filingFault(draft, today);
    setFault(wrong);
    setSaid(wrong === undefined ? '' : words.form.faults[wrong]);
    if (wrong !== undefined || isBusy) return;
    setBusy(true);
    const { plainTarget, documents } = draft;
    const wish = {
      given: toGiven(draft, corrects),
      plainTarget: plainTarget.trim(),
      documents,
      arrival: arrival?.arrival,
    };
    const filed = await openDeskWorker().fileRequest(wish);
    setBusy(false);
    if (!filed.ok) return setSaid(troubleText(filed.error, words));
    say(words.form.filed(filed.value.filing));
    await onChanged();
    onPlace({ at: 'filing', filing: filed.value.filing });
  };
  return (
    <form
      class="desk-form"
      onSubmit={(event) => {
        event.preventDefault();
        void file();
      }}
    >
      <Button kind="link" onPress={() => onPlace({ at: 'list' })}>
        {words.back}
      </Button>
      <h1 class="title safety-title">{corrects === null ? words.form.title : words.form.corrects(corrects)}</h1>
      <Parts
        draft={draft}
        onDraft={(next) => {
          setDraft(next);
          setFault(undefined);
          setSaid('');
        }}
        fault={fault}
        policy={policy}
        isArrived={arrival !== undefined}
      />
      <p class="desk-said" role="alert">
        {said}
      </p>
      <div class="desk-do">
        <Button kind="primary" submits disabled={isBusy}>
          {isBusy ? words.form.filing : words.form.file}
        </Button>
      </div>
    </form>
  );
}

interface PartsProps {
  readonly draft: FilingDraft;
  readonly onDraft: Dispatch<StateUpdater<FilingDraft>>;
  readonly fault: FilingFault | undefined;
  readonly policy: FileFormProps['policy'];
  readonly isArrived: boolean;
}

function Parts({ draft, onDraft, fault, policy, isArrived }: PartsProps) {
  const words = useDeskWords();
  const change = (part: Partial<FilingDraft>): void => onDraft((before) => ({ ...before, ...part }));
  const errorOf = (name: FilingFault): string | undefined => (fault === name ? words.form.faults[name] : undefined);
  return (
    <>
      {isArrived ? null : <How draft={draft} onChange={change} error={errorOf('received')} />}
      <div class="desk-pair">
        <Labelled label={words.facts.authority}>
          <Select
            label={words.facts.authority}
            value={draft.authority}
            options={authorityClasses.map((value) => ({ value, word: words.classes[value] }))}
            onChoose={(authority) => change({ authority })}
          />
        </Labelled>
        <Field
          label={words.form.country}
          value={draft.country}
          maxlength={2}
          help={words.form.countryHelp}
          error={errorOf('country')}
          onInput={(country) => change({ country })}
        />
      </div>
      <Kinds draft={draft} onChange={change} />
      <div class="desk-pair">
        <Labelled label={words.facts.instrument}>
          <Select
            label={words.facts.instrument}
            value={draft.instrument}
            options={instruments.map((value) => ({ value, word: words.instruments[value] }))}
            onChoose={(instrument) => change({ instrument })}
          />
        </Labelled>
        <Labelled label={words.form.basis}>
          <Select
            label={words.form.basis}
            value={draft.basis}
            options={[
              { value: '', word: words.facts.noBasis },
              ...policy.norms.map(({ id, cite }) => ({ value: id, word: cite })),
            ]}
            onChoose={(basis) => change({ basis })}
          />
        </Labelled>
      </div>
      <div class="desk-pair">
        <Day label={words.form.from} value={draft.from} onDay={(from) => change({ from })} />
        <Day
          label={words.form.until}
          value={draft.until}
          error={errorOf('period')}
          onDay={(until) => change({ until })}
        />
      </div>
      <Field
        label={words.form.target}
        value={draft.plainTarget}
        help={words.form.targetHelp}
        onInput={(plainTarget) => change({ plainTarget })}
      />
      <Documents draft={draft} onDraft={onDraft} />
      <Day
        label={words.facts.answerBy}
        value={draft.answerBy}
        error={errorOf('answerBy')}
        onDay={(answerBy) => change({ answerBy })}
      />
      <label class="desk-tick">
        <input
          type="checkbox"
          checked={draft.isEmergency}
          onChange={(event) => change({ isEmergency: event.currentTarget.checked })}
        />
        <span>{words.form.emergency}</span>
      </label>
    </>
  );
}

function How(of: {
  readonly draft: FilingDraft;
  readonly onChange: (part: Partial<FilingDraft>) => void;
  readonly error: string | undefined;
}) {
  const words = useDeskWords();
  return (
    <div class="desk-pair">
      <Day
        label={words.form.received}
        value={of.draft.received}
        error={of.error}
        onDay={(received) => of.onChange({ received })}
      />
      <Labelled label={words.facts.channel}>
        <Select
          label={words.facts.channel}
          value={of.draft.channel}
          options={channels.map((value) => ({ value, word: words.channels[value] }))}
          onChoose={(channel) => of.onChange({ channel })}
        />
      </Labelled>
    </div>
  );
}

function Kinds(of: { readonly draft: FilingDraft; readonly onChange: (part: Partial<FilingDraft>) => void }) {
  const words = useDeskWords();
  const { kinds: chosen } = of.draft;
  return (
    <fieldset class="desk-choice">
      <legend class="field-label">{words.form.kinds}</legend>
      {kinds.map((kind) => (
        <label key={kind} class="desk-tick">
          <input
            type="checkbox"
            checked={chosen.includes(kind)}
            onChange={(event) => {
              const { checked } = event.currentTarget;
              of.onChange({ kinds: kinds.filter((one) => (one === kind ? checked : chosen.includes(one))) });
            }}
          />
          <span>{words.kinds[kind]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Documents({ draft, onDraft }: Pick<PartsProps, 'draft' | 'onDraft'>) {
  const words = useDeskWords();
  const take = async (files: readonly File[]): Promise<void> => {
    const read = await readDocuments(files);
    onDraft((before) => ({ ...before, documents: [...before.documents, ...read] }));
  };
  return (
    <DropPlace
      class="desk-drop"
      kind="outline"
      label={words.caseFile.choose}
      choose={words.caseFile.choose}
      multiple
      onFiles={(files) => void take(files)}
      above={<p class="meta">{words.form.documents}</p>}
    >
      {draft.documents.length === 0 ? null : (
        <ul class="desk-case">
          {draft.documents.map((document, at) => (
            <li key={at}>
              {document.name}{' '}
              <Button
                kind="link"
                onPress={() =>
                  onDraft((before) => ({ ...before, documents: before.documents.filter((one) => one !== document) }))
                }
              >
                {words.form.remove}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </DropPlace>
  );
}

function Labelled(of: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="field">
      <span class="field-label" aria-hidden="true">
        {of.label}
      </span>
      {of.children}
    </div>
  );
}

function Day(of: {
  readonly label: string;
  readonly value: string;
  readonly error?: string | undefined;
  readonly onDay: (day: string) => void;
}) {
  return (
    <label class="field">
      <span class="field-label">{of.label}</span>
      <span class="field-box" {...(of.error === undefined ? {} : { 'data-wrong': '' })}>
        <input
          class="field-input"
          type="date"
          value={of.value}
          aria-invalid={of.error === undefined ? undefined : 'true'}
          onInput={(event) => of.onDay(event.currentTarget.value)}
        />
      </span>
    </label>
  );
}

/** The day here, "2026-11-23". */
function localDay(ms: number): string {
  const at = new Date(ms);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}
