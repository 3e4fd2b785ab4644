// `npm run bench -- NAME [--json]`: one command behind each figure.

const benches: Readonly<
  Record<string, () => Promise<{ readonly run: (flags: readonly string[]) => Promise<unknown> }>>
> = {
  intake: () => import('./intake.ts'),
  scale: () => import('./scale.ts'),
  rebuild: () => import('./rebuild.ts'),
  backup: () => import('./backup.ts'),
  restore: () => import('./restore.ts'),
  sealing: () => import('./sealing.ts'),
  delivery: () => import('./delivery.ts'),
  book: () => import('./book.ts'),
  login: () => import('./login.ts'),
  ledger: () => import('./ledger.ts'),
  receipts: () => import('./receipts.ts'),
  guard: () => import('./guard.ts'),
  migrate: () => import('./migrate.ts'),
  transit: () => import('./transit.ts'),
  reading: () => import('./reading.ts'),
  desk: () => import('./desk.ts'),
  telemetry: () => import('./telemetry.ts'),
};

const [name = '', ...flags] = process.argv.slice(2);
const load = benches[name];
if (!load) {
  console.error(`bench: which one? ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
const figures = await (await load()).run(flags);
console.log(flags.includes('--json') ? JSON.stringify(figures) : figures);
process.exit(0);
