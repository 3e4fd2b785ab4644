// What `siegel telemetry` is answered: the same as the page.

import { err, ok } from '#base/result.ts';
import { sentences } from '#office/api/telemetry-routes.ts';
import type { TelemetryHome } from '#office/telemetry/home/home.ts';
import type { OperatorHandlers } from '../operator-methods.ts';

export function createTelemetryHandlers(
  home: Pick<TelemetryHome, 'view' | 'choose'>,
): Pick<OperatorHandlers, 'telemetry.show' | 'telemetry.choose'> {
  return {
    'telemetry.show': async () => ok(await home.view()),
    'telemetry.choose': async ({ choice }) => {
      const chosen = await home.choose(choice);
      if (chosen.ok) return ok(await home.view());
      const { kind } = chosen.error;
      return err({ kind, sentence: sentences[kind] });
    },
  };
}
