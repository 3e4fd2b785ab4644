// One opened letter: subject, sender, sign, provenance, body, attachments.

import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ComposeAsk } from '../compose/compose-ask.ts';
import type { Disclosure, ListRow, OpenedLetter, Person } from '../backend.ts';
import { initials } from '../mail/avatar.ts';
import { Chip } from '../parts/chip.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { nowMs } from '../parts/now.ts';
import { SealMark } from '../parts/seal-mark.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { useDark } from '../parts/use-dark.ts';
import { inTime, letterTime } from '../words/dates.ts';
import { Attachments } from './attachments.tsx';
import { LetterFrame } from './letter-frame.tsx';
import { Original } from './original.tsx';
import { ProvenancePanel, shapeOfSign } from './provenance.tsx';
import { purifyLetter } from './page-walls.ts';
import { OutsideBar } from './outside-bar.tsx';
import type { PicturePlaces, PurifiedLetter } from './purify.ts';
import { TextBody } from './text-body.tsx';
import { UnsubscribeButton } from './unsubscribe.tsx';
import { useOutsidePictures } from './use-outside-pictures.ts';

/** When the purifier itself gives up, nothing is shown. */
const unshowable: PurifiedLetter = {
  styles: '',
  body: '',
  bodyAttributes: '',
  imagesBlocked: 0,
  imagesShown: 0,
  outside: [],
  trackersBlocked: 0,
  nothingLeft: true,
};

function purified(plainHtml: string, places: PicturePlaces): PurifiedLetter {
  try {
    return purifyLetter(plainHtml, places);
  } catch {
    return unshowable;
  }
}

export interface LetterArticleProps {
  readonly letter: OpenedLetter;
  readonly row: ListRow | undefined;
  readonly myAddress: string;
  readonly disclosure: Disclosure | undefined;
  readonly onServerView: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
  /** Opens the composer with what a mailto: address says; undefined: there is none. */
  readonly onWriteTo?: ((ask: ComposeAsk) => void) | undefined;
  /** An earlier message of the conversation, unfolded below the open one: no subject of its own, its head folds it. */
  readonly onFold?: () => void;
}

function nameOf(person: Person): string {
  return person.name || person.address;
}

function Recipients({
  people,
  me,
  word,
}: {
  readonly people: readonly Person[];
  readonly me: string;
  readonly word: string;
}) {
  const words = useWords();
  if (people.length === 0) return null;
  const names = people.map((person) => (person.address.toLowerCase() === me ? words.letter.toYou : nameOf(person)));
  return (
    <span title={people.map((person) => person.address).join(', ')}>
      {word} {names.join(', ')}
    </span>
  );
}

/** Pictures inside the letter get addresses of this page while it is shown; so do those that were fetched for it. */
function usePurified(letter: OpenedLetter, fetched: PicturePlaces['fetched']): PurifiedLetter | undefined {
  const inline = useMemo(
    () =>
      new Map(
        letter.inlineImages.map((image) => [
          image.contentId,
          URL.createObjectURL(new Blob([image.bytes], { type: image.mediaType })),
        ]),
      ),
    [letter],
  );
  useEffect(() => () => [...inline.values()].forEach((address) => URL.revokeObjectURL(address)), [inline]);
  return useMemo(
    () => (letter.plainHtml === undefined ? undefined : purified(letter.plainHtml, { inline, fetched })),
    [letter, inline, fetched],
  );
}

function Body(of: {
  readonly letter: OpenedLetter;
  readonly html: PurifiedLetter | undefined;
  readonly dark: boolean;
  readonly onKey: (event: KeyboardEvent) => void;
}) {
  const words = useWords();
  if (!of.html) return <TextBody plainText={of.letter.plainText ?? ''} />;
  if (of.html.nothingLeft) {
    return (
      <div role="alert">
        <Empty drawing="broken" sentence={words.letter.nothingLeft} hint={words.letter.nothingLeftHint} />
      </div>
    );
  }
  return <LetterFrame letter={of.html} dark={of.dark} onKey={of.onKey} />;
}

function Head(of: LetterArticleProps & { readonly panel: boolean; readonly onPanel: () => void }) {
  const { letter, row } = of;
  const words = useWords();
  const language = useLanguage();
  const sender = letter.from[0];
  const me = of.myAddress.toLowerCase();
  const shownMs = row?.receivedMs ?? letter.provenance.arrivedMs;
  return (
    <header class="letter-head">
      <span class="avatar" aria-hidden="true">
        {initials(sender?.name ?? '', sender?.address ?? '')}
      </span>
      <div class="letter-who">
        <div class="letter-from">
          <span class="letter-name">{sender ? nameOf(sender) : words.list.noSender}</span>
          {sender?.name ? <span class="letter-address">{sender.address}</span> : null}
        </div>
        <div class="letter-to meta">
          <Recipients people={letter.to} me={me} word={words.letter.to} />
          {letter.cc.length > 0 ? <Recipients people={letter.cc} me={me} word={`· ${words.letter.cc}`} /> : null}
          <span> · {letterTime(words, language, shownMs, nowMs())}</span>
        </div>
      </div>
      <div class="letter-chips">
        {row?.expiresMs ? (
          <Chip kind="seal">
            <SealMark shape="expires" size={16} />
            {words.expires(inTime(language, row.expiresMs, nowMs()))}
          </Chip>
        ) : null}
        <Chip kind="seal" label={words.letter.showProvenance} expanded={of.panel} onPress={of.onPanel}>
          <SealMark shape={shapeOfSign[letter.sign]} size={16} />
          {words.signs[letter.sign]}
          <Icon name="chevron-down" />
        </Chip>
        {of.onFold ? <IconButton icon="chevron-up" label={words.letter.fold} onPress={of.onFold} /> : null}
      </div>
    </header>
  );
}

export function LetterArticle(of: LetterArticleProps) {
  const { letter } = of;
  const words = useWords();
  const dark = useDark();
  const pictures = useOutsidePictures(letter);
  const html = usePurified(letter, pictures.fetched);
  const [panel, setPanel] = useState(false);
  const [original, setOriginal] = useState(false);
  const [asSent, setAsSent] = useState(false);
  const subject = letter.subject || words.list.noSubject;
  return (
    <article class={of.onFold ? 'letter letter-inner' : 'letter'} aria-label={subject}>
      {of.onFold ? null : <h2 class="title letter-subject">{subject}</h2>}
      <Head {...of} panel={panel} onPanel={() => setPanel(!panel)} />
      {panel ? (
        <ProvenancePanel
          letter={letter}
          html={html}
          disclosure={of.disclosure}
          onServerView={of.onServerView}
          onOriginal={() => setOriginal(true)}
          onClose={() => setPanel(false)}
        />
      ) : null}
      {original ? (
        <Original bytes={letter.plainOriginal} subject={letter.subject} onClose={() => setOriginal(false)} />
      ) : (
        <>
          {html ? <OutsideBar html={html} pictures={pictures} disclosure={of.disclosure} /> : null}
          {html && dark && !html.nothingLeft ? <DarkNote asSent={asSent} onAsSent={() => setAsSent(!asSent)} /> : null}
          <Body letter={letter} html={html} dark={dark && !asSent} onKey={of.onKey} />
          <Attachments files={letter.attachments} />
          {letter.unsubscribe ? <UnsubscribeButton unsubscribe={letter.unsubscribe} onWrite={of.onWriteTo} /> : null}
        </>
      )}
    </article>
  );
}

function DarkNote(of: { readonly asSent: boolean; readonly onAsSent: () => void }) {
  const words = useWords();
  return (
    <div class="letter-notes">
      <Chip onPress={of.onAsSent}>
        <Icon name="sun-moon" />
        {of.asSent ? words.letter.darkColours : words.letter.originalColours}
      </Chip>
    </div>
  );
}
