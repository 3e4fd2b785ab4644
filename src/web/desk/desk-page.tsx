// The desk: who may be here, what waits, the register, one request or the clerk's form.

import { useEffect, useState } from 'preact/hooks';
import type { DeskArrival, DeskListed, DeskLook } from '#formats/auth-wire/desk-answers.ts';
import type { MailControl } from '../mail/mail-control.ts';
import { Button } from '../parts/button.tsx';
import { Empty } from '../parts/empty.tsx';
import { openDeskWorker } from '../worker/open-desk-worker.ts';
import { ArrivalView } from './arrival-view.tsx';
import { DeskList } from './desk-list.tsx';
import type { Me } from './desk-model.ts';
import { troubleText, type OpenedProps, type Place, type Trouble } from './desk-place.ts';
import { readArrivals, readFilings, readLook } from './desk-reads.ts';
import { FileForm } from './file-form.tsx';
import { FilingView } from './filing-view.tsx';
import { Founders } from './founders.tsx';
import { NotYet } from './not-yet.tsx';
import { useDeskWords } from './use-desk-words.ts';

export interface DeskProps {
  readonly control: MailControl;
}

interface Seen {
  readonly look: DeskLook;
  readonly isTrusted: boolean;
  readonly arrivals: readonly DeskArrival[];
  readonly filings: readonly DeskListed[];
  readonly more: boolean;
}

async function readAll(): Promise<Seen | Trouble> {
  const look = await readLook();
  if (!look.ok) return look.error;
  const none = { look: look.value, isTrusted: false, arrivals: [], filings: [], more: false };
  if (look.value.me === null) return none;
  const checked = await openDeskWorker().deskPolicy();
  if (!checked.ok) return checked.error.kind === 'not-trusted' ? none : checked.error;
  const filings = await readFilings();
  if (!filings.ok) return filings.error;
  const waiting = await readArrivals();
  if (!waiting.ok) return waiting.error;
  return { look: look.value, isTrusted: true, ...waiting.value, ...filings.value };
}

export function DeskPage({ control }: DeskProps) {
  const words = useDeskWords();
  const [seen, setSeen] = useState<Seen | Trouble | undefined>(undefined);
  const [place, setPlace] = useState<Place>({ at: 'list' });
  const look = async (): Promise<void> => setSeen(await readAll());
  useEffect(() => void look(), []);
  const say = (text: string): void => control.model.say(text);
  return (
    <main class="safety desk">
      <div class="safety-column">
        <p class="label">{words.title}</p>
        {seen === undefined ? <p class="meta desk-part">{words.waiting}</p> : null}
        {seen !== undefined && 'kind' in seen ? (
          <Empty drawing="closed" sentence={troubleText(seen, words)}>
            <Button kind="outline" onPress={() => void look()}>
              {words.again}
            </Button>
          </Empty>
        ) : null}
        {seen !== undefined && !('kind' in seen) ? (
          <Opened seen={seen} place={place} onPlace={setPlace} onChanged={look} say={say} />
        ) : null}
      </div>
    </main>
  );
}

function Opened({ seen, place, ...of }: OpenedProps & { readonly seen: Seen; readonly place: Place }) {
  const { look, isTrusted } = seen;
  const { me, policy } = look;
  if (me === null || policy === null) return <NotYet look={look} say={of.say} />;
  if (!isTrusted) return <Founders onConfirmed={of.onChanged} />;
  const own: Me = me;
  if (place.at === 'filing')
    return <FilingView {...of} key={place.filing} filing={place.filing} me={own} policy={policy} />;
  if (place.at === 'arrival')
    return <ArrivalView {...of} arrival={place.arrival} rejected={rejectedOf(seen.filings)} />;
  if (place.at === 'form') {
    const { corrects, arrival } = place;
    return <FileForm {...of} corrects={corrects} arrival={arrival} policy={policy} nowMs={look.nowMs} />;
  }
  return <DeskList {...of} arrivals={seen.arrivals} filings={seen.filings} more={seen.more} me={own} />;
}

/** What a later request can put right. */
function rejectedOf(filings: readonly DeskListed[]): readonly string[] {
  return filings.filter(({ state }) => state === 'REJECTED' || state === 'REJECTED_FORMAL').map(({ filing }) => filing);
}
