// In the sample office only: the server marked this document, so the ribbon is fetched, after the first paint.

/** `address`: of whoever is signed in here. */
export function showDemo(address?: string): void {
  if (!document.querySelector('meta[name="siegel-demo"]')) return;
  requestAnimationFrame(() =>
    setTimeout(() => void import('./ribbon.tsx').then((ribbon) => ribbon.drawRibbon(address))),
  );
}
