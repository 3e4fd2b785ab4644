// The provenance panel: what the operator can see of this letter, sentence by sentence from the disclosure table, beside the facts the door noted.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Disclosure, DisclosureRow, OpenedLetter, Sign } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { IconButton } from '../parts/icon-button.tsx';
import { SealMark, type SealShape } from '../parts/seal-mark.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { useLater } from '../parts/use-later.ts';
import { longDate, sizeText, type Language } from '../words/dates.ts';
import { exactTime } from '../words/exact-time.ts';
import type { Words } from '../words/words.ts';
import type { PurifiedLetter } from './purify.ts';

export const shapeOfSign: Readonly<Record<Sign, SealShape>> = {
  'end-to-end': 'end-to-end',
  encrypted: 'on-arrival',
  'on-arrival': 'on-arrival',
  open: 'open',
};

function arrival(letter: OpenedLetter, words: Words, language: Language, sizeBytes: number): string {
  const { transport, arrivedMs } = letter.provenance;
  const way =
    transport.kind === 'tls'
      ? `TLS ${transport.version}`
      : transport.kind === 'clear'
        ? words.provenance.transportClear
        : words.provenance.transportLocal;
  return `${sizeText(language, sizeBytes)} · ${longDate(language, arrivedMs)}, ${exactTime(language, arrivedMs)} · ${way}`;
}

function trackers(html: PurifiedLetter | undefined, words: Words): string {
  if (!html) return `${words.provenance.trackersNone} · ${words.provenance.imagesNone}`;
  const found =
    html.trackersBlocked > 0 ? words.letter.trackersBlocked(html.trackersBlocked) : words.provenance.trackersNone;
  const { imagesNone, imagesNotLoaded, imagesShown } = words.provenance;
  const images = html.imagesShown > 0 ? imagesShown : html.imagesBlocked > 0 ? imagesNotLoaded : imagesNone;
  return `${found} · ${images}`;
}

function vouching(letter: OpenedLetter, words: Words, language: Language): string {
  const { signedByDomain, authentication, keyKnownSinceMs } = letter.provenance;
  if (keyKnownSinceMs !== undefined) return words.provenance.knownSince(longDate(language, keyKnownSinceMs));
  const proven = authentication.dmarc === 'pass' || authentication.dkim === 'pass';
  return proven && signedByDomain ? words.provenance.vouched(signedByDomain) : words.provenance.notVouched;
}

/** Rows of the table that speak of one letter, in the order they are read. */
function rowsAbout(letter: OpenedLetter, disclosure: Disclosure | undefined): readonly DisclosureRow[] {
  const contents = letter.sign === 'end-to-end' ? 'end-to-end' : 'contents';
  const keys = [contents, 'correspondents', 'size-and-time', 'flags', 'folders'];
  return keys.flatMap((key) => disclosure?.rows.find((row) => row.key === key) ?? []);
}

function Line({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

export function ProvenancePanel(of: {
  readonly letter: OpenedLetter;
  readonly html: PurifiedLetter | undefined;
  readonly disclosure: Disclosure | undefined;
  readonly onServerView: () => void;
  readonly onOriginal: () => void;
  readonly onClose: () => void;
}) {
  const words = useWords();
  const language = useLanguage();
  const { letter } = of;
  const [isReceiptWanted, setReceiptWanted] = useState(false);
  const LetterReceipt = useLater(
    async () => (await import('../check/letter-receipt.tsx')).LetterReceipt,
    isReceiptWanted,
  );
  return (
    <section class="provenance" aria-label={words.provenance.title}>
      <header class="provenance-head">
        <span class="provenance-seal">
          <SealMark shape={shapeOfSign[letter.sign]} size={20} />
        </span>
        <h3 class="provenance-title">
          {words.signs[letter.sign]}
          <span class="provenance-known"> · {vouching(letter, words, language)}</span>
        </h3>
        <IconButton icon="x" label={words.provenance.fold} onPress={of.onClose} />
      </header>
      <p class="provenance-question label">{words.provenance.title}</p>
      <dl class="provenance-table">
        {rowsAbout(letter, of.disclosure).map((row) => (
          <Line key={row.key} name={row.what[language]}>
            {row.operatorSees[language]}
          </Line>
        ))}
        <Line name={words.provenance.arrival}>{arrival(letter, words, language, letter.plainOriginal.length)}</Line>
        <Line name={words.provenance.trackers}>{trackers(of.html, words)}</Line>
      </dl>
      {of.disclosure ? null : <p class="meta">{words.disclosureMissing}</p>}
      <div class="provenance-actions">
        <Button kind="outline" onPress={() => setReceiptWanted(true)}>
          {words.provenance.checkReceipt}
        </Button>
        <Button kind="outline" onPress={of.onServerView}>
          {words.places.serverView} <kbd>S</kbd>
        </Button>
        <Button kind="outline" onPress={of.onOriginal}>
          {words.letter.showOriginal}
        </Button>
      </div>
      {LetterReceipt ? <LetterReceipt letterId={letter.id} /> : null}
    </section>
  );
}
