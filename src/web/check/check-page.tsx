// The receipt check: files come in by drop, choice or paste; each becomes a card; a head among them is compared with all.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { limits } from '#base/limits.ts';
import { parseHeadFile, parseReceiptFile, type SignedHead } from '#vault/book/check/receipt.ts';
import { Button } from '../parts/button.tsx';
import { DropPlace } from '../parts/drop-place.tsx';
import { PublicPage } from '../parts/public-page.tsx';
import { Receipt } from '../parts/receipt.tsx';
import { receiptTime } from '../parts/receipt-time.ts';
import { checkDe } from '../words/check-de.ts';
import { checkEn, type CheckWords } from '../words/check-en.ts';
import type { Language } from '../words/dates.ts';
import { ErasureCard } from './erasure-card.tsx';
import { askConsistency } from './house-key.ts';
import { askErasure, judgeErasure, type ErasureJudgement } from './judge-erasure.ts';
import { compareWithHead, judgeReceipt, type Comparison, type HouseKey, type Judgement } from './judge-receipt.ts';
import { readAnswer } from './read-answer.ts';

export interface CheckProps {
  readonly first: Language;
  readonly reach: typeof fetch;
  readonly house: Promise<HouseKey | undefined>;
}

interface Brought {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface ReceiptCard {
  readonly id: number;
  readonly name: string;
  readonly judgement: Judgement;
}

interface ErasedCard {
  readonly id: number;
  readonly name: string;
  readonly erasure: ErasureJudgement;
}

type Card = ReceiptCard | ErasedCard;

export function CheckPage(of: CheckProps) {
  const [language, setLanguage] = useState(of.first);
  const words = language === 'de' ? checkDe : checkEn;
  return (
    <PublicPage words={words} language={language} onLanguage={setLanguage}>
      <Desk {...of} words={words} language={language} />
      <p class="public-foot">
        <a href={`/trust?lang=${language}`}>{words.trust}</a> <a href="/">{words.signIn}</a>
      </p>
    </PublicPage>
  );
}

type DeskProps = CheckProps & { readonly words: CheckWords; readonly language: Language };

function Desk(of: DeskProps) {
  const { words, language } = of;
  const [cards, setCards] = useState<readonly Card[]>([]);
  const [head, setHead] = useState<SignedHead | undefined>(undefined);
  const [isCut, setCut] = useState(false);
  const counter = useRef(0);
  const take = async (brought: readonly Brought[]): Promise<void> => {
    const house = await of.house;
    setCut(brought.length > limits.check.filesMax);
    for (const { name, bytes } of brought.slice(0, limits.check.filesMax)) {
      const kept = headOf(bytes);
      if (kept) setHead(kept);
      else {
        const said = await judge(bytes, house, of.reach);
        const card = { id: counter.current++, name, ...said };
        setCards((before) => [card, ...before].slice(0, limits.check.cardsMax));
      }
    }
  };
  return (
    <>
      <DropPlace
        class="check-drop"
        kind="primary"
        label={words.choose}
        choose={words.choose}
        multiple
        onFiles={(files) => void readAll(files).then(take)}
        above={<p class="section">{words.drop}</p>}
      >
        <p class="meta">{words.withHead}</p>
      </DropPlace>
      <Paste words={words} onText={(text) => void take([{ name: '', bytes: new TextEncoder().encode(text) }])} />
      <section class="check-results" aria-label={words.results} aria-live="polite">
        {isCut ? <p class="meta">{words.tooMany(limits.check.filesMax)}</p> : null}
        {head ? (
          <p>
            {words.headKept(head.size.toLocaleString(language), receiptTime(language, head.timeMs))}{' '}
            {cards.length === 0 ? words.headOnly : ''}
          </p>
        ) : null}
        {cards.map((card) => (
          <Checked key={card.id} {...of} card={card} head={head} />
        ))}
        {cards.length > 0 ? (
          <Clear
            word={words.clear}
            onPress={() => {
              setCards([]);
              setHead(undefined);
            }}
          />
        ) : null}
      </section>
    </>
  );
}

function Checked({ card, ...of }: DeskProps & { readonly card: Card; readonly head: SignedHead | undefined }) {
  if (!('erasure' in card)) return <ReceiptWithHead {...of} card={card} />;
  return <ErasureCard words={of.words} language={of.language} judgement={card.erasure} name={card.name} />;
}

function Clear(of: { readonly word: string; readonly onPress: () => void }) {
  return (
    <div>
      <Button kind="link" onPress={of.onPress}>
        {of.word}
      </Button>
    </div>
  );
}

/** An answer to documents leads to the receipt of their erasure; all else is a receipt of the book, or none. */
async function judge(
  bytes: Uint8Array,
  house: HouseKey | undefined,
  reach: typeof fetch,
): Promise<Pick<ReceiptCard, 'judgement'> | Pick<ErasedCard, 'erasure'>> {
  const answer = parseReceiptFile(bytes).ok ? undefined : readAnswer(bytes);
  if (answer === undefined) return { judgement: await judgeReceipt(bytes, house) };
  return { erasure: await judgeErasure(answer, askErasure(reach), location.origin) };
}

/** A head that lies by itself, as `siegel book head` and /book/head give it; a receipt holds one too and stays a receipt. */
function headOf(bytes: Uint8Array): SignedHead | undefined {
  if (parseReceiptFile(bytes).ok) return undefined;
  const head = parseHeadFile(bytes);
  return head.ok && !isReceiptLike(bytes) ? head.value : undefined;
}

/** A forged receipt holds a head as well: it must be judged and not taken for its head. */
function isReceiptLike(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null && 'receipt' in value;
  } catch {
    return false;
  }
}

function ReceiptWithHead(of: DeskProps & { readonly card: ReceiptCard; readonly head: SignedHead | undefined }) {
  const { card, head, words, language } = of;
  const [comparison, setComparison] = useState<Comparison | undefined>(undefined);
  const [isUnanswered, setUnanswered] = useState(false);
  const { judgement } = card;
  useEffect(() => {
    setUnanswered(false);
    if (head === undefined || judgement.kind === 'refused') setComparison(undefined);
    else void compareWithHead(judgement, head, undefined).then(setComparison);
  }, [head, judgement]);
  const ask = async (): Promise<void> => {
    if (head === undefined || judgement.kind === 'refused' || comparison?.kind !== 'needs-proof') return;
    const proof = await askConsistency(of.reach, comparison.from, comparison.to);
    if (proof === undefined) setUnanswered(true);
    else setComparison(await compareWithHead(judgement, head, proof));
  };
  return (
    <Receipt words={words.receipt} language={language} judgement={judgement} comparison={comparison} name={card.name}>
      {comparison?.kind === 'needs-proof' ? (
        <>
          <Button kind="outline" onPress={() => void ask()}>
            {words.receipt.askProof}
          </Button>
          {isUnanswered ? <p role="alert">{words.receipt.noProof}</p> : null}
        </>
      ) : null}
    </Receipt>
  );
}

function Paste(of: { readonly words: CheckWords; readonly onText: (text: string) => void }) {
  const { words } = of;
  const [text, setText] = useState('');
  const isEmpty = useMemo(() => text.trim() === '', [text]);
  return (
    <details class="check-paste">
      <summary>{words.paste}</summary>
      <textarea
        aria-label={words.pasteLabel}
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <Button
        kind="outline"
        disabled={isEmpty}
        onPress={() => {
          of.onText(text);
          setText('');
        }}
      >
        {words.pasteCheck}
      </Button>
    </details>
  );
}

/** Of a letter its text, which stands in front of its files. */
function readAll(files: readonly File[]): Promise<readonly Brought[]> {
  return Promise.all(
    files.slice(0, limits.check.filesMax + 1).map(async (file) => {
      const start = file.slice(0, limits.check.answerBytes);
      return { name: file.name, bytes: new Uint8Array(await start.arrayBuffer()) };
    }),
  );
}
