// Pictures from elsewhere for one open letter: fetched when they are asked for, shown from addresses of this page, let go with the letter.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { OpenedLetter } from '../backend.ts';
import { fetchOutside, type OutsideRefusal } from './ask-outside.ts';

const AT_ONCE = 4;

export interface OutsidePictures {
  /** By address elsewhere. */
  readonly fetched: ReadonlyMap<string, string>;
  readonly state: 'asleep' | 'fetching' | 'done';
  readonly missing: number;
  /** Why nothing more was asked for. */
  readonly stopped: OutsideRefusal['kind'] | undefined;
  show(addresses: readonly string[]): void;
}

interface Round {
  readonly fetched: Map<string, string>;
  missing: number;
  stopped: OutsideRefusal['kind'] | undefined;
}

/** A session that ended or an hour's share that is used up stops the rest; a picture that is gone does not. */
async function fetchAll(addresses: readonly string[], isWanted: () => boolean): Promise<Round> {
  const round: Round = { fetched: new Map(), missing: 0, stopped: undefined };
  const left = [...addresses];
  const work = async (): Promise<void> => {
    for (let address = left.shift(); address !== undefined; address = left.shift()) {
      if (!isWanted() || round.stopped !== undefined) return;
      const picture = await fetchOutside(address);
      if (picture.ok) round.fetched.set(address, URL.createObjectURL(picture.value));
      else if (picture.error.kind === 'not-there') round.missing++;
      else round.stopped = picture.error.kind;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return round;
}

function letGo(fetched: ReadonlyMap<string, string>): void {
  for (const address of fetched.values()) URL.revokeObjectURL(address);
}

const nothing: Omit<OutsidePictures, 'show'> = {
  fetched: new Map(),
  state: 'asleep',
  missing: 0,
  stopped: undefined,
};

export function useOutsidePictures(letter: OpenedLetter): OutsidePictures {
  const [now, setNow] = useState(nothing);
  const held = useRef<ReadonlyMap<string, string>>(new Map());
  const open = useRef<LetterIdHolder>({ id: undefined });
  useEffect(() => {
    open.current = { id: letter.id };
    setNow(nothing);
    return () => {
      open.current = { id: undefined };
      letGo(held.current);
      held.current = new Map();
    };
  }, [letter.id]);
  const show = (addresses: readonly string[]): void => {
    const mine = open.current;
    if (mine.id === undefined || now.state === 'fetching') return;
    setNow({ ...now, state: 'fetching', stopped: undefined });
    void fetchAll(addresses, () => open.current === mine).then((round) => {
      if (open.current !== mine) return letGo(round.fetched);
      held.current = new Map([...held.current, ...round.fetched]);
      setNow({ fetched: held.current, state: 'done', missing: round.missing, stopped: round.stopped });
    });
  };
  return { ...now, show };
}

interface LetterIdHolder {
  readonly id: string | undefined;
}
