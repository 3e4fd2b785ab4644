// Composer: the sheet a letter is written on; 640 px at the bottom right, the whole page when that is too narrow, one line when it is put aside.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { ItemId } from '#base/ids.ts';
import { htmlOfText } from '#formats/compose/quote.ts';
import type { Person } from '../backend.ts';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { Select } from '../parts/select.tsx';
import { useWords } from '../parts/speech.tsx';
import type { Words } from '../words/words.ts';
import type { SendRefusal, Writing } from '../writing.ts';
import { CompareDialog } from './compare-dialog.tsx';
import type { ComposeModel } from './compose-model.ts';
import {
  changedIn,
  fields,
  invalidIn,
  isTooLarge,
  unknownIn,
  unsealedIn,
  type ComposeState,
  type Composing,
  type Hindrance,
  type RecipientField as FieldName,
} from './compose-state.ts';
import { DraftElsewhere, type DraftElsewhereProps } from './draft-elsewhere.tsx';
import { Editor } from './editor.tsx';
import { FileChips } from './file-chips.tsx';
import { readFiles } from './read-files.ts';
import { RecipientField } from './recipient-field.tsx';
import { RecipientNotes } from './recipient-notes.tsx';
import { SendRow } from './send-row.tsx';

export interface ComposerProps {
  readonly model: ComposeModel;
  readonly state: ComposeState;
  readonly composing: Composing;
  readonly writing: Pick<Writing, 'suggest'>;
  readonly onDraft: (id: ItemId) => void;
}

function hindranceSentence(hindrance: Hindrance, words: Words): string | undefined {
  if (hindrance.kind === 'waits') return words.compose.onWire;
  if (hindrance.kind === 'now-unsealed') return words.compose.nowUnsealed;
  if (hindrance.kind === 'unreadable-file') return words.compose.unreadableFile(hindrance.name);
  // That the files are too large stands below them.
  return hindrance.kind === 'refused' ? refusedSentence(hindrance.refusal, words) : undefined;
}

function refusedSentence(refusal: SendRefusal, words: Words): string {
  if (refusal.kind === 'changed-elsewhere') return words.compose.elsewhere.changed;
  if (refusal.kind === 'unknown-recipients') return words.compose.unknownHere(refusal.addresses.join(', '));
  if (refusal.kind === 'key-changed') return words.compose.keyChanged;
  if (refusal.kind === 'would-be-unsealed') return words.compose.nowUnsealed;
  return refusal.kind === 'no-connection' ? words.compose.onWire : words.compose.refusals[refusal.kind];
}

function titleOf({ answers, subject }: Composing, words: Words): string {
  if (subject.trim() !== '') return subject;
  if (!answers) return words.compose.newMessage;
  return answers.how === 'forward' ? words.compose.forward : words.compose.reply;
}

function Head(of: ComposerProps) {
  const words = useWords();
  const { model, composing } = of;
  const { size } = composing;
  const isSmall = size === 'small';
  return (
    <header class="compose-head">
      {isSmall ? (
        <button type="button" class="compose-title compose-restore" onClick={() => model.patch({ size: 'sheet' })}>
          {titleOf(composing, words)}
        </button>
      ) : (
        <h2 class="compose-title">{titleOf(composing, words)}</h2>
      )}
      <IconButton
        icon={isSmall ? 'chevron-up' : 'minus'}
        label={isSmall ? words.compose.restore : words.compose.minimise}
        onPress={() => model.patch({ size: isSmall ? 'sheet' : 'small' })}
      />
      <span class="compose-enlarge">
        <IconButton
          icon={size === 'large' ? 'minimize-2' : 'maximize-2'}
          label={size === 'large' ? words.compose.shrink : words.compose.enlarge}
          onPress={() => model.patch({ size: size === 'large' ? 'sheet' : 'large' })}
        />
      </span>
      <IconButton icon="x" label={words.compose.closeDraft} hotkey="Esc" onPress={() => void model.close()} />
    </header>
  );
}

function From({ model, state, composing }: ComposerProps) {
  const words = useWords();
  if (state.identities.length < 2) return null;
  const options = state.identities.map(({ id, address, name }) => ({
    value: id,
    word: name ? `${name} <${address}>` : address,
  }));
  return (
    <div class="compose-row compose-from">
      <span class="compose-label" aria-hidden="true">
        {words.compose.from}
      </span>
      <Select
        label={words.compose.from}
        value={composing.identityId}
        options={options}
        onChoose={(identityId) => model.write({ identityId })}
      />
    </div>
  );
}

function Recipients(of: ComposerProps & { readonly onCompare: (person: Person) => void }) {
  const words = useWords();
  const { model, composing, state } = of;
  const shown: readonly FieldName[] = composing.areCopiesShown ? fields : ['to'];
  return (
    <>
      {shown.map((field) => (
        <RecipientField
          key={field}
          label={words.compose[field]}
          people={composing.people[field]}
          known={state.known}
          focus={field === 'to' && composing.focus === 'to'}
          suggest={(text) => of.writing.suggest(text)}
          onPeople={(people) => model.setPeople(field, people)}
          onCompare={of.onCompare}
        >
          {field === 'to' && !composing.areCopiesShown ? (
            <button
              type="button"
              class="button button-plain compose-copies"
              onClick={() => model.patch({ areCopiesShown: true })}
            >
              {words.compose.addCopies}
            </button>
          ) : null}
        </RecipientField>
      ))}
      <RecipientNotes people={composing.people} known={state.known} onCompare={of.onCompare} />
    </>
  );
}

function Text(
  of: ComposerProps & { readonly onFiles: (files: readonly File[]) => void; readonly onAttach: () => void },
) {
  const { model, composing } = of;
  const reads = useRef<() => Composing['first']>(() => composing.first);
  const turn = (isPlain: boolean): void => {
    const { plainText } = reads.current();
    const plainHtml = isPlain ? undefined : htmlOfText(plainText);
    model.write({ isPlain, first: { plainHtml, plainText }, focus: 'text' });
  };
  return (
    <Editor
      key={`${composing.isPlain ? 'plain' : 'rich'}-${composing.textTurn}`}
      first={composing.first}
      isPlain={composing.isPlain}
      quote={composing.quote}
      focus={composing.focus === 'text'}
      onReads={(read) => {
        reads.current = read;
        model.reads(read);
      }}
      onTouch={() => model.write({})}
      onPlain={turn}
      onQuoteShown={() => model.write({ quote: undefined })}
      onFiles={of.onFiles}
      onAttach={of.onAttach}
    />
  );
}

/** Keys of the sheet; letters typed here are never commands of the mailbox. */
function useSheetKeys(model: ComposeModel): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.defaultPrevented) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      // What is being typed as a recipient becomes one first.
      setTimeout(() => void model.send());
    } else if (event.key === 'Escape') {
      event.preventDefault();
      void model.close();
    }
  };
}

/** The keyboard goes back to where it was. */
function useFocusBack(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
    };
  }, []);
}

function useDrop(onFiles: (files: readonly File[]) => void) {
  const [isOver, setOver] = useState(false);
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
  return {
    isOver,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: (event: DragEvent) => {
        if (event.target === event.currentTarget) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        setOver(false);
        if (!hasFiles(event)) return;
        event.preventDefault();
        onFiles([...(event.dataTransfer?.files ?? [])]);
      },
    },
  };
}

export function Composer(of: ComposerProps) {
  const words = useWords();
  const { model, composing, state } = of;
  const [compared, setCompared] = useState<Person | undefined>(undefined);
  const picker = useRef<HTMLInputElement>(null);
  const onFiles = (chosen: readonly File[]): void => void readFiles(model, chosen);
  const drop = useDrop(onFiles);
  const onKey = useSheetKeys(model);
  useFocusBack();
  const { people, files } = composing;
  const comparedState = compared ? state.known.get(compared.address.toLowerCase()) : undefined;
  const isSmall = composing.size === 'small';
  return (
    <section
      class="composer"
      role="dialog"
      aria-label={titleOf(composing, words)}
      data-size={composing.size}
      onKeyDown={onKey}
      {...drop.handlers}
    >
      <Head {...of} />
      <div class="compose-body" hidden={isSmall} inert={composing.isSending}>
        <From {...of} />
        <Recipients {...of} onCompare={setCompared} />
        <div class="compose-row">
          <SubjectField {...of} />
        </div>
        <Text {...of} onFiles={onFiles} onAttach={() => picker.current?.click()} />
        <FileChips files={files} onRemove={(key) => model.removeFile(key)} />
      </div>
      {isSmall || !composing.elsewhere ? null : <Elsewhere {...of} elsewhere={composing.elsewhere} />}
      {isSmall ? null : <Hindered hindrance={composing.hindrance} />}
      {isSmall ? null : (
        <SendRow
          unsealedCount={unsealedIn(people, state.known).length}
          isSending={composing.isSending}
          mayNot={mayNotLeave(composing, state)}
          keeping={composing.keeping}
          onSend={(atMs) => void model.send(atMs)}
          onTrash={() => void model.drop()}
        />
      )}
      <input ref={picker} type="file" multiple hidden onChange={(event) => pick(event.currentTarget, onFiles)} />
      {drop.isOver ? <div class="compose-drop">{words.compose.dropHere}</div> : null}
      {compared && comparedState?.state === 'changed' ? (
        <CompareDialog
          person={compared}
          state={comparedState}
          onTrust={(fingerprint, how) => model.trust(compared.address, fingerprint, how)}
          onClose={() => setCompared(undefined)}
        />
      ) : null}
    </section>
  );
}

function Elsewhere({ model, onDraft, elsewhere }: ComposerProps & Pick<DraftElsewhereProps, 'elsewhere'>) {
  return (
    <DraftElsewhere
      elsewhere={elsewhere}
      onOther={() => onDraft(elsewhere.id)}
      onGoOn={() => model.patch({ elsewhere: undefined })}
    />
  );
}

function Hindered({ hindrance }: { readonly hindrance: Hindrance | undefined }) {
  const words = useWords();
  const sentence = hindrance ? hindranceSentence(hindrance, words) : undefined;
  if (!hindrance || sentence === undefined) return null;
  return (
    <p class="note note-warn compose-hindrance" role="alert">
      <Icon name={hindrance.kind === 'waits' ? 'clock' : 'triangle-alert'} />
      <span class="note-text">{sentence}</span>
    </p>
  );
}

/** A changed key, a wrong address, too much or unread: the sentences say which. */
function mayNotLeave({ people, files }: Composing, { known }: ComposeState): boolean {
  const stands = [changedIn, invalidIn, unknownIn].some((find) => find(people, known).length > 0);
  return stands || isTooLarge(files) || files.some((file) => file.bytes === undefined);
}

function pick(input: HTMLInputElement, onFiles: (files: readonly File[]) => void): void {
  onFiles([...(input.files ?? [])]);
  input.value = '';
}

function SubjectField({ model, composing }: ComposerProps) {
  const words = useWords();
  return (
    <>
      <label class="compose-label" for="compose-subject">
        {words.compose.subject}
      </label>
      <input
        id="compose-subject"
        class="compose-subject"
        type="text"
        autocomplete="off"
        value={composing.subject}
        onInput={(event) => model.write({ subject: event.currentTarget.value })}
      />
    </>
  );
}
