// The serif is fetched only after the first paint: marks the root, base.css does the rest.

export function askForSerif(): void {
  requestAnimationFrame(() => {
    setTimeout(() => {
      document.documentElement.dataset['serif'] = '';
    }, 0);
  });
}
