// The server's view (S): the whole mailbox as the bytes the server returned, unchanged. Esc leaves.

import { useEffect, useState } from 'preact/hooks';
import type { LetterId } from '#base/ids.ts';
import type { Backend, ServerRow } from '../backend.ts';
import { Banner } from '../parts/banner.tsx';
import { Button } from '../parts/button.tsx';
import { useWords } from '../parts/speech.tsx';
import { lettersOf, type MailState } from './mail-state.ts';

const STEP = 60;

/** Rows of the server for the letters shown so far; more when one scrolls on. */
function useServerRows(backend: Backend, ids: readonly LetterId[], count: number): readonly ServerRow[] {
  const [rows, setRows] = useState<readonly ServerRow[]>([]);
  useEffect(() => {
    let current = true;
    void backend.serverRows(ids.slice(0, count)).then((found) => (current ? setRows(found) : undefined));
    return () => {
      current = false;
    };
  }, [ids, count]);
  return rows;
}

function useServerLetter(backend: Backend, id: LetterId | undefined): ServerRow | undefined {
  const [letter, setLetter] = useState<ServerRow | undefined>(undefined);
  useEffect(() => {
    let current = true;
    setLetter(undefined);
    if (id) void backend.serverLetter(id).then((found) => (current ? setLetter(found) : undefined));
    return () => {
      current = false;
    };
  }, [id]);
  return letter;
}

function useServerBoxes(backend: Backend): readonly ServerRow[] {
  const [boxes, setBoxes] = useState<readonly ServerRow[]>([]);
  useEffect(() => void backend.serverMailboxes().then(setBoxes), []);
  return boxes;
}

export interface ServerViewProps {
  readonly backend: Backend;
  readonly state: MailState;
  /** The welcome messages are shown: none of them is here. */
  readonly isFirstRun: boolean;
  readonly onOpen: (id: LetterId) => void;
  readonly onLeave: () => void;
}

export function ServerView(of: ServerViewProps) {
  const words = useWords();
  const ids = lettersOf(of.state, of.state.ids ?? []);
  const [count, setCount] = useState(STEP);
  const rows = useServerRows(of.backend, ids, count);
  const chosen = of.state.opened ?? of.state.cursor ?? ids[0];
  const letter = useServerLetter(of.backend, chosen);
  const boxes = useServerBoxes(of.backend);
  const more = (box: HTMLElement): void => {
    if (box.scrollTop + box.clientHeight > box.scrollHeight - 600 && count < ids.length) setCount(count + STEP);
  };
  return (
    <main class="server-view" aria-label={words.places.serverView}>
      <h1 class="unseen">{words.places.serverView}</h1>
      <Banner
        icon="scan-eye"
        action={
          <Button kind="outline" onPress={of.onLeave}>
            {words.serverView.leave} <kbd>{words.serverView.leaveKey}</kbd>
          </Button>
        }
      >
        {words.serverView.banner}
      </Banner>
      <div class="server-panes">
        <div class="server-boxes mono" tabindex={0} role="region" aria-label={words.places.navigation}>
          {boxes.map((box) => (
            <pre key={box.id}>{box.text}</pre>
          ))}
        </div>
        <div
          class="server-rows mono"
          tabindex={0}
          role="region"
          aria-label={words.list.messages}
          onScroll={(event) => more(event.currentTarget)}
        >
          {of.isFirstRun && rows.length === 0 ? <p class="server-nothing">{words.serverView.nothingHeld}</p> : null}
          {rows.map((row, index) => {
            const id = ids[index];
            return (
              <button
                key={row.id}
                type="button"
                class="server-row"
                aria-pressed={id === chosen}
                onClick={() => (id ? of.onOpen(id) : undefined)}
              >
                {row.text}
              </button>
            );
          })}
        </div>
        <div class="server-letter mono" tabindex={0} role="region" aria-label={words.letter.body}>
          <pre>{letter?.text}</pre>
        </div>
      </div>
    </main>
  );
}
