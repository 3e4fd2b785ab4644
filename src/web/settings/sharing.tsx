// Shared mailboxes: taken up, opened; who holds each, somebody added, somebody removed.

import { useEffect, useState } from 'preact/hooks';
import type { AccountId } from '#base/ids.ts';
import type { Backend } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { useWords } from '../parts/speech.tsx';
import type { Holder, SharedMailbox, SharedRefusal } from '../shared.ts';
import type { Writing } from '../writing.ts';
import { Block } from './block.tsx';
import { MakeSharedDialog } from './make-shared.tsx';
import { useSharingWords } from './use-own-words.ts';

interface SharingProps {
  readonly backend: Backend & Writing;
  readonly say: (text: string) => void;
}

/** Another mailbox is another document: nothing of one stays in the memory of the other. */
function openMailbox(shared: AccountId | undefined): void {
  location.assign(shared === undefined ? '/mail' : `/mail?shared=${shared}`);
}

function useRefusal(): (refusal: SharedRefusal) => string {
  const words = useWords();
  const own = useSharingWords();
  return ({ kind }) => {
    if (kind === 'no-key') return own.noKey;
    if (kind === 'key-changed') return own.keyChanged;
    if (kind === 'keys-altered') return own.altered;
    if (kind === 'last-holder') return own.lastHolder;
    return kind === 'too-many' ? own.tooMany : words.toasts.failed;
  };
}

function AddDialog(
  of: SharingProps & { readonly box: SharedMailbox; readonly onClose: () => void; readonly onAdded: () => void },
) {
  const words = useWords();
  const own = useSharingWords();
  const refusal = useRefusal();
  const [address, setAddress] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const [running, setRunning] = useState(false);
  const add = async (): Promise<void> => {
    setRunning(true);
    const result = await of.backend.addHolder(of.box.accountId, address.trim());
    setRunning(false);
    if (!result.ok) return setProblem(refusal(result.error));
    of.say(own.addDone(address.trim()));
    of.onAdded();
    return of.onClose();
  };
  return (
    <Dialog label={own.addTitle(of.box.address)} onClose={of.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (address.includes('@') && !running) void add();
        }}
      >
        <h2 class="section">{own.addTitle(of.box.address)}</h2>
        <p class="dialog-text">{own.addLead}</p>
        <Field
          label={own.address}
          value={address}
          error={problem}
          inputmode="email"
          maxlength={320}
          focus
          onInput={(text) => {
            setAddress(text);
            setProblem(undefined);
          }}
        />
        <div class="dialog-buttons">
          <Button kind="plain" onPress={of.onClose}>
            {words.cancel}
          </Button>
          <Button kind="primary" submits disabled={!address.includes('@') || running}>
            {own.add}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface OfferProps extends SharingProps {
  readonly box: SharedMailbox;
  readonly onTaken: () => void;
  readonly onDecline: () => void;
}

function Offer(of: OfferProps) {
  const own = useSharingWords();
  const refusal = useRefusal();
  const accept = async (): Promise<void> => {
    const result = await of.backend.acceptShared(of.box.accountId);
    of.say(result.ok ? own.accepted(of.box.address) : refusal(result.error));
    of.onTaken();
  };
  return (
    <li class="line">
      <span class="line-text">{own.offered(of.box.address)}</span>
      <Button kind="link" onPress={of.onDecline}>
        {own.decline}
      </Button>
      <Button kind="primary" onPress={() => void accept()}>
        {own.accept}
      </Button>
    </li>
  );
}

interface HeldProps extends SharingProps {
  readonly box: SharedMailbox;
  readonly isShown: boolean;
  readonly onAdd: () => void;
  readonly onRemove: (holder: Holder) => void;
  readonly onRenew: (holder: Holder) => void;
  readonly onLeave: () => void;
}

function Held(of: HeldProps) {
  const own = useSharingWords();
  const { box } = of;
  return (
    <>
      <li class="line">
        <span class="line-text">
          {box.address}
          <span class="meta line-more">
            {of.isShown ? own.shown : own.holders(box.holders.filter((one) => !one.hasLeft).length)}
          </span>
        </span>
        <Button kind="link" onPress={of.onAdd}>
          {own.add}
        </Button>
        {of.isShown ? null : (
          <Button kind="outline" onPress={() => openMailbox(box.accountId)}>
            {own.open}
          </Button>
        )}
      </li>
      {box.holders.map((holder) => (
        <HolderLine key={holder.accountId} {...of} holder={holder} />
      ))}
    </>
  );
}

function HolderLine({ holder, onRemove, onRenew, onLeave }: HeldProps & { readonly holder: Holder }) {
  const own = useSharingWords();
  const { isSelf, hasLeft, address } = holder;
  const [verb, act] = hasLeft
    ? [own.newKeys, () => onRenew(holder)]
    : isSelf
      ? [own.leave, onLeave]
      : [own.remove, () => onRemove(holder)];
  return (
    <li class="line line-inner">
      <span class="line-text meta">
        {isSelf ? `${address} (${own.you})` : hasLeft ? `${address} (${own.left})` : address}
      </span>
      <Button kind="link" onPress={act}>
        {verb}
      </Button>
    </li>
  );
}

/** The mailboxes as the settings know them, and the one that is shown now. */
function useSharing(of: SharingProps) {
  const own = useSharingWords();
  const refusal = useRefusal();
  const [boxes, setBoxes] = useState<readonly SharedMailbox[] | undefined>(undefined);
  const [shown, setShown] = useState<AccountId | undefined>(undefined);
  const read = (): void => void of.backend.sharedMailboxes().then(setBoxes);
  useEffect(() => {
    read();
    void of.backend.shownMailbox().then(({ shared }) => setShown(shared));
  }, []);
  const remove = async (box: SharedMailbox, holder: Holder): Promise<void> => {
    const result = await of.backend.removeHolder(box.accountId, holder.accountId);
    const done = holder.hasLeft ? own.renewed : own.removed(holder.address);
    of.say(result.ok ? done : refusal(result.error));
    // the keys are others now: the mailbox is opened anew
    if (result.ok && shown === box.accountId) openMailbox(box.accountId);
    read();
  };
  const leave = async (box: SharedMailbox): Promise<void> => {
    const result = await of.backend.leaveShared(box.accountId);
    of.say(result.ok ? own.leftDone(box.address) : refusal(result.error));
    if (result.ok && shown === box.accountId) openMailbox(undefined);
    read();
  };
  return { boxes, shown, read, remove, leave };
}

interface Removing {
  readonly box: SharedMailbox;
  readonly holder: Holder;
}

interface QuestionsProps {
  readonly leaving: SharedMailbox | undefined;
  readonly removing: Removing | undefined;
  readonly setLeaving: (box: undefined) => void;
  readonly setRemoving: (removing: undefined) => void;
  readonly leave: (box: SharedMailbox) => Promise<void>;
  readonly remove: (box: SharedMailbox, holder: Holder) => Promise<void>;
}

function Questions({ leaving, removing, setLeaving, setRemoving, leave, remove }: QuestionsProps) {
  const own = useSharingWords();
  return (
    <>
      {leaving ? (
        <Confirm
          title={own.leaveTitle(leaving.address)}
          text={own.leaveText}
          verb={own.leave}
          onConfirm={() => void leave(leaving)}
          onClose={() => setLeaving(undefined)}
        />
      ) : null}
      {removing ? (
        <Confirm
          title={own.removeTitle(removing.holder.address)}
          text={own.removeText}
          verb={own.remove}
          onConfirm={() => void remove(removing.box, removing.holder)}
          onClose={() => setRemoving(undefined)}
        />
      ) : null}
    </>
  );
}

export function SharingBlock(of: SharingProps) {
  const own = useSharingWords();
  const { boxes, shown, read, remove, leave } = useSharing(of);
  const [leaving, setLeaving] = useState<SharedMailbox | undefined>(undefined);
  const [isMaking, setMaking] = useState(false);
  const [adding, setAdding] = useState<SharedMailbox | undefined>(undefined);
  const [removing, setRemoving] = useState<Removing | undefined>(undefined);
  return (
    <Block
      title={own.title}
      text={own.lead}
      action={
        shown === undefined ? (
          <Button kind="outline" onPress={() => setMaking(true)}>
            {own.make}
          </Button>
        ) : (
          <Button kind="outline" onPress={() => openMailbox(undefined)}>
            {own.own}
          </Button>
        )
      }
    >
      {boxes?.length === 0 ? <p class="block-none meta">{own.none}</p> : null}
      <ul class="lines">
        {boxes?.map((box) =>
          box.isAccepted ? (
            <Held
              key={box.accountId}
              {...of}
              box={box}
              isShown={shown === box.accountId}
              onAdd={() => setAdding(box)}
              onRemove={(holder) => setRemoving({ box, holder })}
              onRenew={(holder) => void remove(box, holder)}
              onLeave={() => setLeaving(box)}
            />
          ) : (
            <Offer key={box.accountId} {...of} box={box} onTaken={read} onDecline={() => void leave(box)} />
          ),
        )}
      </ul>
      {isMaking ? <MakeSharedDialog {...of} onClose={() => setMaking(false)} onMade={read} /> : null}
      {adding ? <AddDialog {...of} box={adding} onClose={() => setAdding(undefined)} onAdded={read} /> : null}
      <Questions {...{ leaving, removing, setLeaving, setRemoving, leave, remove }} />
    </Block>
  );
}
