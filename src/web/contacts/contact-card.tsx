// One person: how to reach them, what is noted, their keys.

import type { Person } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { useWords } from '../parts/speech.tsx';
import type { Contact } from '../writing.ts';
import { ContactKeys } from './contact-keys.tsx';
import { shownName } from './find-contacts.ts';
import { useContactWords } from './use-contact-words.ts';

export function ContactCard(of: {
  readonly contact: Contact;
  readonly onWrite: (person: Person) => void;
  readonly onCompared: (fingerprint: string) => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
  readonly onBack: () => void;
}) {
  const words = useWords();
  const own = useContactWords();
  const { contact } = of;
  return (
    <article class="contact" aria-label={shownName(contact)}>
      <div class="contact-back">
        <IconButton icon="arrow-left" label={words.back} onPress={of.onBack} />
      </div>
      <header class="contact-head">
        <h1 class="contact-name">{shownName(contact)}</h1>
        {contact.organisation ? <p class="meta">{contact.organisation}</p> : null}
        <div class="contact-acts">
          <Button kind="outline" onPress={of.onEdit}>
            {own.edit}
          </Button>
          <Button kind="plain" onPress={of.onRemove}>
            {own.remove}
          </Button>
        </div>
      </header>
      <ul class="lines">
        {contact.addresses.map((address) => (
          <li key={address} class="line">
            <span class="line-text">{address}</span>
            <Button kind="link" onPress={() => of.onWrite({ name: contact.name, address })}>
              {words.compose.write}
            </Button>
          </li>
        ))}
        {contact.phones.map((phone) => (
          <li key={phone} class="line">
            <span class="line-text">{phone}</span>
          </li>
        ))}
      </ul>
      {contact.note ? (
        <section class="contact-part">
          <h2 class="label">{own.note}</h2>
          <p class="contact-note">{contact.note}</p>
        </section>
      ) : null}
      <section class="contact-part">
        <h2 class="label">{own.keys}</h2>
        <ContactKeys keys={contact.keys} onCompared={of.onCompared} />
      </section>
    </article>
  );
}
