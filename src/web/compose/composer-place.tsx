// Where the composer stands: turns what the mailbox asks into a letter to write, and what happens to it into notices.

import { useEffect, useMemo, useRef } from 'preact/hooks';
import { unreachable } from '#base/assert.ts';
import type { ItemId } from '#base/ids.ts';
import { htmlOfText } from '#formats/compose/quote.ts';
import type { Backend } from '../backend.ts';
import { storedUndoSeconds } from '../look/choices.ts';
import type { MailControl } from '../mail/mail-control.ts';
import { nowMs } from '../parts/now.ts';
import { useLanguage, useWords, type Spoken } from '../parts/speech.tsx';
import { useStore } from '../parts/use-store.ts';
import type { Draft, Writing } from '../writing.ts';
import { answerDraft } from './answer-draft.ts';
import { tidyDraft, tidyLetter } from './clean-html.ts';
import type { Asked, ComposeAsk } from './compose-ask.ts';
import type { ComposeEvent } from './compose-event.ts';
import { ComposeModel } from './compose-model.ts';
import type { Composing } from './compose-state.ts';
import { Composer } from './composer.tsx';
import { filesOf, withoutQuote } from './draft-form.ts';
import { HeldLetters } from './held-letters.tsx';
import { leavesText } from './send-times.ts';

export interface ComposerPlaceProps {
  readonly backend: Backend & Writing;
  readonly control: MailControl;
  readonly asked: Asked;
}

function ofDraft(draft: Draft, model: ComposeModel): Partial<Composing> {
  const html = draft.plainHtml === undefined ? undefined : tidyDraft(draft.plainHtml);
  const plain = withoutQuote(draft.plainText);
  return {
    draftId: draft.id,
    identityId: draft.identityId,
    people: { to: draft.to, cc: draft.cc, bcc: draft.bcc },
    areCopiesShown: draft.cc.length + draft.bcc.length > 0,
    subject: draft.subject,
    first: html?.first ?? { plainHtml: undefined, plainText: plain.plainText },
    quote: html ? html.quote : plain.quote,
    isPlain: html === undefined,
    files: filesOf(draft, () => model.nextKey()),
    answers: draft.answers,
    focus: draft.to.length > 0 ? 'text' : 'to',
  };
}

async function beginning(
  of: ComposerPlaceProps,
  model: ComposeModel,
  ask: ComposeAsk,
  spoken: Spoken,
): Promise<Partial<Composing> | string> {
  const { words, language } = spoken;
  if (ask.kind === 'new') {
    const focus = ask.to.length > 0 ? 'text' : 'to';
    return { people: { to: ask.to, cc: [], bcc: [] }, subject: ask.subject ?? '', focus };
  }
  if (ask.kind === 'draft') {
    const draft = await model.readDraft(ask.id);
    // Taken back after sending: the answered letter has lost its mark.
    if (draft?.answers) void of.control.model.reread([draft.answers.id]);
    return draft ? ofDraft(draft, model) : words.compose.draftRefused;
  }
  const { opened, letter } = of.control.model.store.get();
  const result = opened === ask.id && letter ? letter : await of.backend.open(ask.id);
  if (!result.ok) return words.letter.refusals[result.error.kind];
  await model.identities();
  const { identities } = model.store.get();
  const answer = answerDraft(result.value, ask.how, { words, language, identities, tidy: tidyLetter });
  const files = answer.files.map((file) => ({ ...file, key: model.nextKey() }));
  // What is forwarded is read before it goes: it stands open in the text.
  const isForward = ask.how === 'forward';
  const first = isForward && answer.quote ? withSpaceAbove(answer.quote.plainHtml, answer.quote.plainText) : undefined;
  return {
    ...answer,
    files,
    focus: isForward ? 'to' : 'text',
    ...(first ? { first, quote: undefined } : {}),
  };
}

function withSpaceAbove(plainHtml: string, plainText: string): Composing['first'] {
  return { plainHtml: `<div><br></div>${plainHtml || htmlOfText(plainText)}`, plainText: `\n\n${plainText}` };
}

function useTelling(of: ComposerPlaceProps, spoken: Spoken, modelOf: () => ComposeModel) {
  const { control } = of;
  const { words, language } = spoken;
  const takeBack = async (event: ComposeEvent & { readonly kind: 'sent' }): Promise<void> => {
    const id = await modelOf().unsend(event.sent.submissionIds);
    if (id) control.compose({ kind: 'draft', id });
  };
  return (event: ComposeEvent): void => {
    switch (event.kind) {
      case 'sent': {
        const text = event.isLater
          ? words.compose.leaves(leavesText(words, language, event.sent.leavesMs, nowMs()))
          : words.compose.sent;
        if (event.undoMs === 0 && !event.isLater) return control.model.say(text);
        return control.model.offer(text, () => void takeBack(event), event.isLater ? undefined : event.undoMs);
      }
      case 'answered':
        return void control.model.reread([event.id]);
      case 'dropped':
        return control.model.offer(words.compose.dropped, event.again, undefined);
      case 'returned':
        return control.model.say(returnedSentence(event, spoken));
      case 'kept':
        return control.model.say(words.compose.kept);
      case 'kept-both':
        return control.model.say(words.compose.elsewhere.keptBoth);
      case 'changed-elsewhere':
        return void followDraft(modelOf(), event.id);
      case 'ended-elsewhere':
        return control.model.say(words.compose.elsewhere[event.how === 'sent' ? 'sentThere' : 'goneThere']);
      case 'waits':
        return control.model.say(words.compose.onWire);
      case 'left':
        return control.model.say(words.compose.leftAlready);
      case 'failed':
        return control.model.say(words.toasts.failed);
      case 'drafts':
        return control.draftsChanged();
      default:
        return unreachable(event);
    }
  };
}

function returnedSentence({ refusal }: ComposeEvent & { readonly kind: 'returned' }, { words }: Spoken): string {
  const { refusals } = words.compose;
  if (refusal.kind === 'key-changed') return `${words.compose.keyChanged} ${words.compose.kept}`;
  if (refusal.kind === 'unknown-recipients') return words.compose.unknownHere(refusal.addresses.join(', '));
  if (refusal.kind === 'changed-elsewhere') return words.compose.elsewhere.keptBoth;
  if (refusal.kind === 'would-be-unsealed') return `${words.compose.nowUnsealed} ${words.compose.kept}`;
  return refusal.kind === 'no-connection' ? words.compose.onWire : refusals[refusal.kind];
}

/** The words of another device in the open composer; the cursor goes into them only where it was. */
async function followDraft(model: ComposeModel, id: ItemId): Promise<void> {
  const draft = await model.readDraft(id);
  const isWriting = document.activeElement?.closest('.editor-text') !== null;
  if (draft) model.follow(id, { ...ofDraft(draft, model), focus: isWriting ? 'text' : 'none' });
}

/** What waits goes on when the connection is back; what is written is kept before the page is put aside. */
function useGuard(model: ComposeModel, control: MailControl): void {
  useEffect(() => {
    let wasOnline = control.model.store.get().online;
    const stop = control.model.store.subscribe(() => {
      const { online } = control.model.store.get();
      if (online && !wasOnline) void model.connected();
      wasOnline = online;
    });
    const again = (): void => void model.connected();
    const aside = (): void => {
      if (document.visibilityState === 'hidden') void model.settle();
    };
    const leaving = (event: BeforeUnloadEvent): void => {
      if (model.isHolding) event.preventDefault();
    };
    addEventListener('online', again);
    document.addEventListener('visibilitychange', aside);
    addEventListener('beforeunload', leaving);
    return () => {
      stop();
      removeEventListener('online', again);
      document.removeEventListener('visibilitychange', aside);
      removeEventListener('beforeunload', leaving);
    };
  }, [model]);
}

export function ComposerPlace(of: ComposerPlaceProps) {
  const spoken: Spoken = { words: useWords(), language: useLanguage() };
  const tell = useRef<(event: ComposeEvent) => void>(() => undefined);
  const model = useMemo(
    () =>
      new ComposeModel({
        writing: of.backend,
        nowMs,
        undoMs: () => storedUndoSeconds() * 1000,
        tell: (event) => tell.current(event),
      }),
    [of.backend],
  );
  tell.current = useTelling(of, spoken, () => model);
  const state = useStore(model.store);
  useGuard(model, of.control);
  useEffect(() => of.backend.onChange((event) => void (event.kind === 'items' && model.heard())), [model]);
  useEffect(() => {
    const { ask } = of.asked;
    if (!ask) return;
    const follow = async (): Promise<void> => {
      const found = await beginning(of, model, ask, spoken);
      if (typeof found === 'string') of.control.model.say(found);
      else await model.begin(found);
    };
    void follow();
  }, [of.asked.turn]);
  return (
    <>
      {state.composing ? (
        <Composer
          key={state.composing.key}
          model={model}
          state={state}
          composing={state.composing}
          writing={of.backend}
          onDraft={(id) => of.control.compose({ kind: 'draft', id })}
        />
      ) : null}
      {state.outbox.length > 0 && !state.composing ? <HeldLetters outbox={state.outbox} /> : null}
    </>
  );
}
