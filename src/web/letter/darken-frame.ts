// Turns an opened letter's colours dark inside its frame, element by element, and can be taken back by drawing the letter again.

import { cssColour, darkGround, dimLine, lightWriting, parseComputed, toLab, type Colour } from './dark-colours.ts';

const ELEMENTS_MAX = 6_000;
const changesOf: readonly (readonly [property: string, change: (colour: Colour) => Colour])[] = [
  ['color', lightWriting],
  ['background-color', darkGround],
  ['border-top-color', dimLine],
  ['border-right-color', dimLine],
  ['border-bottom-color', dimLine],
  ['border-left-color', dimLine],
];

/** The letter has a dark ground of its own: it stays as it is. */
function isDarkAlready(body: HTMLElement, view: Window): boolean {
  const ground = parseComputed(view.getComputedStyle(body).backgroundColor);
  return ground !== undefined && ground.alpha > 0.5 && toLab(ground).light < 0.45;
}

/** True when colours were changed. All are read before any is written, so that nothing is measured twice. */
export function darkenFrame(frame: Document): boolean {
  const view = frame.defaultView;
  const body = frame.body;
  if (!view || isDarkAlready(body, view)) return false;
  const elements = [body, ...body.querySelectorAll<HTMLElement>('*')].slice(0, ELEMENTS_MAX);
  const changes: (readonly [HTMLElement, string, string])[] = [];
  for (const element of elements) {
    const style = view.getComputedStyle(element);
    for (const [property, change] of changesOf) {
      const colour = parseComputed(style.getPropertyValue(property));
      if (colour && colour.alpha > 0) changes.push([element, property, cssColour(change(colour))]);
    }
  }
  for (const [element, property, value] of changes) element.style.setProperty(property, value, 'important');
  frame.documentElement.style.setProperty('color-scheme', 'dark');
  return true;
}
