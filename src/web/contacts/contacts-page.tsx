// Contacts: the list with its search, one person beside it, import and export.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { ItemId } from '#base/ids.ts';
import { saveBytes } from '../parts/save-bytes.ts';
import type { MailControl } from '../mail/mail-control.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Empty } from '../parts/empty.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import type { Contact, Writing } from '../writing.ts';
import { ContactCard } from './contact-card.tsx';
import { ContactForm } from './contact-form.tsx';
import { findContacts, shownName } from './find-contacts.ts';
import { useContactWords } from './use-contact-words.ts';

export interface ContactsProps {
  readonly writing: Writing;
  readonly control: MailControl;
}

/** What stands beside the list. */
type Beside = { readonly kind: 'card' | 'form'; readonly contact: Contact } | undefined;

const NEW: Contact = { id: undefined, name: '', addresses: [], phones: [], organisation: '', note: '', keys: [] };

type Book = ReturnType<typeof useContacts>;

export function ContactsPage(of: ContactsProps) {
  const own = useContactWords();
  const book = useContacts(of);
  const [removing, setRemoving] = useState<Contact | undefined>(undefined);
  const { beside } = book;
  return (
    <main class="contacts" data-beside={beside ? '' : undefined}>
      <ContactsList book={book} />
      <section class="contacts-beside" aria-label={beside ? shownName(beside.contact) || own.add : own.nobody}>
        <BesideList {...of} book={book} onRemove={setRemoving} />
      </section>
      {removing ? (
        <Confirm
          title={own.removeTitle(shownName(removing))}
          text={own.removeText}
          verb={own.remove}
          onConfirm={() => void book.remove(removing)}
          onClose={() => setRemoving(undefined)}
        />
      ) : null}
    </main>
  );
}

function BesideList(of: ContactsProps & { readonly book: Book; readonly onRemove: (contact: Contact) => void }) {
  const own = useContactWords();
  const { beside, setBeside, isBusy, save, compared } = of.book;
  if (!beside) return <p class="contacts-nobody meta">{own.nobody}</p>;
  const { contact } = beside;
  return beside.kind === 'form' ? (
    <ContactForm
      key={contact.id ?? 'new'}
      contact={contact}
      isBusy={isBusy}
      onSave={(changed) => void save(changed)}
      onCancel={() => setBeside(contact.id === undefined ? undefined : { ...beside, kind: 'card' })}
    />
  ) : (
    <ContactCard
      contact={contact}
      onWrite={(person) => of.control.compose({ kind: 'new', to: [person] })}
      onCompared={(fingerprint) => void compared(contact, fingerprint)}
      onEdit={() => setBeside({ ...beside, kind: 'form' })}
      onRemove={() => of.onRemove(contact)}
      onBack={() => setBeside(undefined)}
    />
  );
}

function ContactsList({ book }: { readonly book: Book }) {
  const own = useContactWords();
  const language = useLanguage();
  const [text, setText] = useState('');
  const found = findContacts(book.contacts ?? [], text, language);
  const { beside, setBeside } = book;
  return (
    <section class="contacts-list" aria-label={own.title}>
      <header class="contacts-head">
        <h1 class="title">{own.title}</h1>
        <Button kind="primary" onPress={() => setBeside({ kind: 'form', contact: NEW })}>
          {own.add}
        </Button>
      </header>
      <div class="field-box contacts-search">
        <input
          type="search"
          class="field-input"
          aria-label={own.search}
          placeholder={own.search}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <ImportExport onImport={book.importFile} onExport={book.exportAll} isEmpty={book.contacts?.length === 0} />
      {book.told === undefined ? null : (
        <p class="contacts-told" role="status">
          {book.told}
        </p>
      )}
      <ul class="contacts-rows">
        {found.map((contact) => (
          <li key={contact.id}>
            <ContactRow
              contact={contact}
              isOpen={beside?.contact.id !== undefined && beside.contact.id === contact.id}
              onOpen={() => setBeside({ kind: 'card', contact })}
            />
          </li>
        ))}
      </ul>
      {book.contacts !== undefined && found.length === 0 ? (
        <Empty drawing={text === '' ? 'letter' : 'glass'} sentence={text === '' ? own.none : own.noneFound(text)} />
      ) : null}
    </section>
  );
}

function ContactRow(of: { readonly contact: Contact; readonly isOpen: boolean; readonly onOpen: () => void }) {
  const { contact } = of;
  return (
    <button type="button" class="contact-row" aria-current={of.isOpen ? 'true' : undefined} onClick={of.onOpen}>
      <span class="contact-row-name">{shownName(contact)}</span>
      <span class="meta contact-row-more">
        {contact.name ? (contact.addresses[0] ?? contact.phones[0]) : contact.organisation}
      </span>
    </button>
  );
}

function ImportExport(of: {
  readonly onImport: (file: File) => Promise<void>;
  readonly onExport: () => Promise<void>;
  readonly isEmpty: boolean;
}) {
  const own = useContactWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="contacts-files">
      <input
        ref={input}
        type="file"
        hidden
        accept=".vcf,.csv,text/vcard,text/csv"
        aria-label={own.import}
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) void of.onImport(file);
          event.currentTarget.value = '';
        }}
      />
      <Button kind="link" onPress={() => input.current?.click()}>
        {own.import}
      </Button>
      {of.isEmpty ? null : (
        <Button kind="link" onPress={() => void of.onExport()}>
          {own.export}
        </Button>
      )}
    </div>
  );
}

/** The book as this page knows it, and what can be done with it. */
function useContacts({ writing, control }: ContactsProps) {
  const words = useWords();
  const own = useContactWords();
  const [contacts, setContacts] = useState<readonly Contact[] | undefined>(undefined);
  const [beside, setBeside] = useState<Beside>(undefined);
  const [told, setTold] = useState<string | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const say = (text: string): void => control.model.say(text);
  const read = async (open?: ItemId): Promise<void> => {
    const all = await writing.contacts();
    setContacts(all);
    const contact = open === undefined ? undefined : all.find((one) => one.id === open);
    if (contact) setBeside({ kind: 'card', contact });
  };
  useEffect(() => void read(), []);
  return {
    contacts,
    beside,
    setBeside,
    told,
    isBusy,
    async save(contact: Contact): Promise<void> {
      setBusy(true);
      const put = await writing.putContact(contact);
      setBusy(false);
      if (!put.ok) return say(words.toasts.failed);
      return await read(put.value.id);
    },
    async remove({ id }: Contact): Promise<void> {
      const removed = id === undefined ? undefined : await writing.removeContact(id);
      if (removed?.ok !== true) return say(words.toasts.failed);
      setContacts((all) => all?.filter((one) => one.id !== id));
      setBeside(undefined);
      return await read();
    },
    async compared(contact: Contact, fingerprint: string): Promise<void> {
      const trusted = await Promise.all(
        contact.addresses.slice(0, 1).map((address) => writing.trustKey(address, fingerprint, 'compared')),
      );
      say(trusted.every((one) => one.ok) ? own.comparedDone : words.toasts.failed);
      await read(contact.id);
    },
    async importFile(file: File): Promise<void> {
      setTold(words.working);
      const result = await writing.importContacts(new Uint8Array(await file.arrayBuffer()));
      if (!result.ok) return setTold(result.error.kind === 'not-understood' ? own.notUnderstood : words.toasts.failed);
      const { added, joined, skipped } = result.value;
      setTold(own.imported(added, joined, skipped.length));
      return await read();
    },
    async exportAll(): Promise<void> {
      saveBytes(own.exportName, await writing.exportContacts());
    },
  };
}
