// The document /check: small, by itself, and complete once it is loaded: both languages are in it.

import { render } from 'preact';
import { storedLanguage } from '../look/choices.ts';
import { askForSerif } from '../look/serif.ts';
import { chooseLanguage } from '../words/choose-language.ts';
import { CheckPage } from './check-page.tsx';
import { askHouseKey } from './house-key.ts';

const reach: typeof fetch = (input, init) => fetch(input, init);
const asked = new URLSearchParams(location.search).get('lang');
const language = chooseLanguage(asked ?? storedLanguage(), navigator.languages);

const place = document.querySelector('#page');
// asked at once: later there may be no connection
if (place) render(<CheckPage first={language} reach={reach} house={askHouseKey(reach)} />, place);
askForSerif();
