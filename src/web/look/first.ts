// Runs before the first paint, blocking and tiny: the stored theme, so that nothing flashes.

import { showTheme, storedTheme } from './choices.ts';

showTheme(storedTheme());
