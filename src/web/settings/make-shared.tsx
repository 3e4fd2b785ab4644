// A shared mailbox made in the settings: its name and address, the invitation it needs, and who opens it beside its maker.

import { useEffect, useId, useState } from 'preact/hooks';
import type { AccountId } from '#base/ids.ts';
import type { Backend } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field } from '../parts/field.tsx';
import { useWords } from '../parts/speech.tsx';
import type { SharedRefusal } from '../shared.ts';
import type { SharingWords } from '../words/sharing-en.ts';
import type { Writing } from '../writing.ts';
import { useSharingWords } from './use-own-words.ts';

export interface MakeSharedProps {
  readonly backend: Backend & Writing;
  readonly say: (text: string) => void;
  readonly onClose: () => void;
  readonly onMade: () => void;
}

type Problems = Partial<Readonly<Record<'address' | 'code' | 'person' | 'all', string>>>;

/** The house's own domain, and people of it who are known here. */
function useHouse({ backend }: MakeSharedProps) {
  const [domain, setDomain] = useState('');
  const [people, setPeople] = useState<readonly string[]>([]);
  useEffect(() => {
    const find = async (): Promise<void> => {
      const house = await houseOf(backend);
      setDomain(house);
      const known = [
        ...(await backend.contacts()).flatMap((one) => one.addresses),
        ...(await suggested(backend, house)),
      ];
      const own = (await backend.shownMailbox()).own;
      setPeople([...new Set(known.map((one) => one.toLowerCase()))].filter((one) => isOf(house, one) && one !== own));
    };
    void find().catch(() => undefined); // addresses can be typed all the same
  }, []);
  return { domain, people };
}

async function houseOf(backend: Backend): Promise<string> {
  return (await backend.addresses())?.domains[0] ?? '';
}

async function suggested(backend: Writing, house: string): Promise<readonly string[]> {
  return (await backend.suggest(`@${house}`)).map(({ address }) => address);
}

function isOf(house: string, address: string): boolean {
  return address.endsWith(`@${house}`);
}

function problemsOf({ kind }: SharedRefusal, own: SharingWords, failed: string): Problems {
  if (kind === 'invitation-unknown') return { code: own.codeUnknown };
  if (kind === 'address-taken') return { address: own.addressTaken };
  if (kind === 'address-invalid') return { address: own.addressInvalid };
  if (kind === 'too-many') return { all: own.tooManyHeld };
  return { all: kind === 'no-connection' ? own.noConnection : failed };
}

/** Those who are offered the mailbox as soon as it is there. */
function People(of: {
  readonly backend: Writing;
  readonly known: readonly string[];
  readonly chosen: readonly string[];
  readonly onChosen: (chosen: readonly string[]) => void;
}) {
  const own = useSharingWords();
  const list = useId();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const add = async (): Promise<void> => {
    const address = text.trim().toLowerCase();
    if (address === '') return;
    const [found] = await of.backend.recipientStates([address]);
    if (found?.state !== 'house' || !found.deliverable) return setProblem(own.noKey);
    of.onChosen([...of.chosen.filter((one) => one !== address), address]);
    return setText('');
  };
  return (
    <div class="make-shared-people">
      <Field
        label={own.people}
        help={own.peopleHelp}
        value={text}
        error={problem}
        inputmode="email"
        maxlength={320}
        list={list}
        onInput={(next) => {
          setText(next);
          setProblem(undefined);
        }}
      />
      <datalist id={list}>
        {of.known.map((address) => (
          <option key={address} value={address} />
        ))}
      </datalist>
      <Button kind="outline" onPress={() => void add()} disabled={!text.includes('@')}>
        {own.choose}
      </Button>
      {of.chosen.length > 0 ? (
        <ul class="lines">
          {of.chosen.map((address) => (
            <li key={address} class="line">
              <span class="line-text">{address}</span>
              <Button kind="link" onPress={() => of.onChosen(of.chosen.filter((one) => one !== address))}>
                {own.leaveOut}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

/** Each is offered it; whoever could not be is named. */
async function offer(backend: Backend, box: AccountId, people: readonly string[]): Promise<readonly string[]> {
  const left: string[] = [];
  for (const address of people) {
    const added = await backend.addHolder(box, address);
    if (!added.ok) left.push(address);
  }
  return left;
}

function useMaking(of: MakeSharedProps, domain: string) {
  const words = useWords();
  const own = useSharingWords();
  const [problems, setProblems] = useState<Problems>({});
  const [running, setRunning] = useState(false);
  const make = async (address: string, code: string, name: string, people: readonly string[]): Promise<void> => {
    const [localPart = '', other] = address.trim().toLowerCase().split('@');
    setRunning(true);
    const house = domain || (await houseOf(of.backend));
    if (other !== undefined && other !== house) {
      setRunning(false);
      return setProblems(house === '' ? { all: own.noConnection } : { address: own.otherDomain(house) });
    }
    const fresh = {
      code: code.trim().split('/').at(-1) ?? '',
      localPart,
      name: name.trim(),
      keyWorker: KEY_WORKER_URL,
    };
    const made = await of.backend.makeShared(fresh);
    const left = made.ok ? await offer(of.backend, made.value.accountId, people) : [];
    setRunning(false);
    if (!made.ok) return setProblems(problemsOf(made.error, own, words.toasts.failed));
    of.say(left.length > 0 ? own.madeWithout(made.value.address, left.join(', ')) : own.made(made.value.address));
    of.onMade();
    return of.onClose();
  };
  return { make, problems, running, clear: () => setProblems({}) };
}

export function MakeSharedDialog(of: MakeSharedProps) {
  const words = useWords();
  const own = useSharingWords();
  const { domain, people } = useHouse(of);
  const { make, problems, running, clear } = useMaking(of, domain);
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const [code, setCode] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const isReady = address.trim() !== '' && code.trim() !== '' && !running;
  const typed = (set: (text: string) => void) => (text: string) => {
    set(text);
    clear();
  };
  return (
    <Dialog label={own.make} onClose={of.onClose}>
      <h2 class="section">{own.make}</h2>
      <p class="dialog-text">{own.makeLead}</p>
      <form
        class="entry-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void make(address, code, name, chosen);
        }}
      >
        <Field label={own.name} help={own.nameHelp} value={name} maxlength={200} focus onInput={setName} />
        <Field
          label={own.newAddress}
          value={address}
          error={problems.address}
          after={address.includes('@') || domain === '' ? undefined : `@${domain}`}
          maxlength={320}
          onInput={typed(setAddress)}
        />
        <Field
          label={own.code}
          help={own.codeHelp}
          value={code}
          error={problems.code ?? problems.all}
          maxlength={500}
          onInput={typed(setCode)}
        />
        <People backend={of.backend} known={people} chosen={chosen} onChosen={setChosen} />
        <div class="dialog-buttons">
          <Button kind="plain" onPress={of.onClose}>
            {words.cancel}
          </Button>
          <Button kind="primary" submits disabled={!isReady}>
            {running ? words.working : own.makeVerb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
