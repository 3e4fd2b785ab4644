// Colours, sizes and type of the house, once; tools/build-page.ts turns them into CSS variables and the contrast test computes every pair.

export type ColourName =
  | 'ground'
  | 'surface'
  | 'sunken'
  | 'select'
  | 'line'
  | 'control'
  | 'ink'
  | 'ink-2'
  | 'ink-3'
  | 'wax'
  | 'wax-fill'
  | 'wax-text'
  | 'wax-soft'
  | 'focus'
  | 'good'
  | 'warn'
  | 'warn-soft'
  | 'data-1'
  | 'data-2';

export type Theme = 'light' | 'dark';

export const colours: Readonly<Record<ColourName, Readonly<Record<Theme, string>>>> = {
  ground: { light: '#F3F5F8', dark: '#0E131A' },
  surface: { light: '#FFFFFF', dark: '#161D26' },
  sunken: { light: '#E8ECF1', dark: '#0A0E13' },
  select: { light: '#E1EAF6', dark: '#1E2C40' },
  line: { light: '#D4DAE2', dark: '#2A3441' },
  control: { light: '#788494', dark: '#6B788A' },
  ink: { light: '#17202C', dark: '#E8EDF3' },
  'ink-2': { light: '#465262', dark: '#AEB9C7' },
  'ink-3': { light: '#596575', dark: '#8D99A9' },
  wax: { light: '#A8202B', dark: '#F0757C' },
  'wax-fill': { light: '#A8202B', dark: '#C2353F' },
  'wax-text': { light: '#FFFFFF', dark: '#FFFFFF' },
  'wax-soft': { light: '#FBEBEC', dark: '#38191D' },
  focus: { light: '#1B5FC1', dark: '#7DB2FF' },
  good: { light: '#14683E', dark: '#6CC79A' },
  warn: { light: '#874800', dark: '#F0AE5A' },
  'warn-soft': { light: '#FFF2DF', dark: '#33260F' },
  'data-1': { light: '#2A5798', dark: '#8DB6F0' },
  'data-2': { light: '#7A8697', dark: '#6B7A8F' },
};

/** Text on ground, as [text, ground]; each at least 4.8:1 in both themes. */
export const textPairs: readonly (readonly [ColourName, ColourName])[] = [
  ['ink', 'ground'],
  ['ink', 'surface'],
  ['ink', 'sunken'],
  ['ink', 'select'],
  ['ink', 'warn-soft'],
  ['ink', 'wax-soft'],
  ['ink-2', 'ground'],
  ['ink-2', 'surface'],
  ['ink-2', 'sunken'],
  ['ink-2', 'select'],
  ['ink-2', 'warn-soft'],
  ['ink-3', 'ground'],
  ['ink-3', 'surface'],
  ['ink-3', 'sunken'],
  ['ink-3', 'select'],
  ['wax', 'ground'],
  ['wax', 'surface'],
  ['wax', 'select'],
  ['wax', 'wax-soft'],
  ['wax-text', 'wax-fill'],
  ['good', 'ground'],
  ['good', 'surface'],
  ['warn', 'ground'],
  ['warn', 'surface'],
  ['warn', 'warn-soft'],
  ['surface', 'ink'],
];

/** Borders of controls and focus rings, as [border, ground]; each at least 3:1. */
export const controlPairs: readonly (readonly [ColourName, ColourName])[] = [
  ['control', 'ground'],
  ['control', 'surface'],
  ['focus', 'ground'],
  ['focus', 'surface'],
  ['focus', 'sunken'],
  ['focus', 'select'],
  ['data-1', 'surface'],
  ['data-2', 'surface'],
];

/** Every colour as CSS: light by default, dark by the system's wish or the person's stored choice. */
export function tokensCss(): string {
  const block = (theme: Theme): string =>
    Object.entries(colours)
      .map(([name, value]) => `--${name}:${value[theme].toLowerCase()}`)
      .concat(`color-scheme:${theme}`)
      .join(';');
  return [
    `:root{${block('light')}}`,
    `@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${block('dark')}}}`,
    `:root[data-theme=dark]{${block('dark')}}`,
  ].join('\n');
}
