// What the commands about the honest counter ask the running program, and the exact shapes of the answers.

import * as v from 'valibot';
import { telemetryChoiceShape, telemetryShape } from '#formats/auth-wire/telemetry-answers.ts';

export const telemetryMethods = {
  'telemetry.show': { params: v.strictObject({}), result: telemetryShape },
  'telemetry.choose': { params: v.strictObject({ choice: telemetryChoiceShape }), result: telemetryShape },
} as const;
