// What the parts of this room share.

import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import type { ClusterPlace } from '../../database/postgres/cluster.ts';
import type { Layout } from './layout.ts';
import type { Neighbours, Step } from './neighbours.ts';

export interface GenerationsWay {
  readonly layout: Layout;
  readonly native: string;
  readonly owner: ClusterPlace['owner'];
  readonly settings: Readonly<Record<string, string>>;
  readonly journal: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly neighbours: Neighbours;
  readonly step: Step;
}
