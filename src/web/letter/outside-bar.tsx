// The line above a letter: what of it stays outside, and the one press that brings the pictures in.

import { useState } from 'preact/hooks';
import type { Disclosure } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { useLanguage } from '../parts/speech.tsx';
import type { PurifiedLetter } from './purify.ts';
import type { OutsidePictures } from './use-outside-pictures.ts';
import { useOutsideWords } from './use-outside-words.ts';

export interface OutsideBarProps {
  readonly html: PurifiedLetter;
  readonly pictures: OutsidePictures;
  readonly disclosure: Disclosure | undefined;
}

export function OutsideBar({ html, pictures, disclosure }: OutsideBarProps) {
  const words = useOutsideWords();
  const language = useLanguage();
  const [told, setTold] = useState(false);
  const { imagesBlocked, trackersBlocked, outside } = html;
  const { state, missing, stopped } = pictures;
  if (html.nothingLeft || (imagesBlocked === 0 && trackersBlocked === 0)) return null;
  const facts = [
    imagesBlocked > 0 ? words.picturesOutside(imagesBlocked) : '',
    trackersBlocked > 0 ? words.trackersBlocked(trackersBlocked) : '',
    missing > 0 ? words.picturesMissing(missing) : '',
  ].filter((fact) => fact !== '');
  const sentence = disclosure?.rows.find(({ key }) => key === 'pictures')?.operatorSees[language];
  const verb = state === 'done' ? words.again : state === 'fetching' ? words.showing : words.show;
  return (
    <div class="outside">
      <div class="outside-line">
        <Icon name={imagesBlocked > 0 ? 'image-off' : 'shield-check'} />
        <span class="outside-facts" role="status">
          {facts.join(' · ')}
        </span>
        {outside.length > 0 ? (
          <span class="outside-buttons">
            {sentence ? (
              <button type="button" class="outside-why" aria-expanded={told} onClick={() => setTold(!told)}>
                {words.why}
              </button>
            ) : null}
            <Button kind="outline" disabled={state === 'fetching'} onPress={() => pictures.show(outside)}>
              {verb}
            </Button>
          </span>
        ) : null}
      </div>
      {told && sentence && outside.length > 0 ? <p class="outside-told">{sentence}</p> : null}
      {stopped === 'too-many' || stopped === 'signed-out' ? (
        <p class="outside-told" role="alert">
          {stopped === 'too-many' ? words.tooMany : words.signedOut}
        </p>
      ) : null}
    </div>
  );
}
