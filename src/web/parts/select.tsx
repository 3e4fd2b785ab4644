// Select: the system's own list, dressed like the other controls.

import { Icon } from './icon.tsx';

export function Select<T extends string>(of: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly word: string }[];
  readonly onChoose: (value: T) => void;
}) {
  return (
    <span class="select-box">
      <select
        aria-label={of.label}
        value={of.value}
        onChange={(event) => {
          const chosen = of.options.find((option) => option.value === event.currentTarget.value);
          if (chosen) of.onChoose(chosen.value);
        }}
      >
        {of.options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === of.value}>
            {option.word}
          </option>
        ))}
      </select>
      <Icon name="chevron-down" />
    </span>
  );
}
