// The document /authorities: by itself, with both languages in it.

import { render } from 'preact';
import { storedLanguage } from '../look/choices.ts';
import { askForSerif } from '../look/serif.ts';
import { chooseLanguage } from '../words/choose-language.ts';
import { AuthoritiesPage } from './authorities-page.tsx';

const reach: typeof fetch = (input, init) => fetch(input, init);
const asked = new URLSearchParams(location.search).get('lang');
const language = chooseLanguage(asked ?? storedLanguage(), navigator.languages);

const place = document.querySelector('#page');
if (place) render(<AuthoritiesPage first={language} reach={reach} />, place);
askForSerif();
