// Sessions: since when, last seen, and an end to each.

import { useEffect, useState } from 'preact/hooks';
import type { SessionRow } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { nowMs } from '../parts/now.ts';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { letterTime } from '../words/dates.ts';
import { toldAbout } from './disclosure-table.tsx';
import { Block } from './block.tsx';
import type { SecurityProps } from './security.tsx';

export function SessionsBlock(of: SecurityProps) {
  const words = useWords();
  const language = useLanguage();
  const [rows, setRows] = useState<readonly SessionRow[]>([]);
  const read = (): void => void of.backend.sessions().then(setRows);
  useEffect(read, []);
  const when = (timeMs: number): string => letterTime(words, language, timeMs, nowMs());
  return (
    <Block
      title={words.settings.sessions}
      text={toldAbout(of.disclosure, 'sessions', language) ?? words.settings.sessionsLead}
    >
      <ul class="lines">
        {rows.map((row) => (
          <li key={row.id} class="line">
            <span class="line-text">
              {row.current ? words.settings.thisSession : words.settings.otherSession}
              <span class="meta line-more">
                {words.settings.sessionTimes(when(row.startedMs), when(row.lastSeenMs))}
              </span>
            </span>
            {row.current ? null : (
              <Button kind="link" onPress={() => void of.backend.endSession(row.id).then(read)}>
                {words.settings.endSession}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Block>
  );
}
