// The sentences of a standing statement to begin with; a house signs what is true of it, and changes them before.

import type { StatementSays } from './statement.ts';

export const statementTemplate: StatementSays = {
  de: [
    'Bis zu diesem Tag hat niemand dieses Haus verpflichtet oder dazu gebracht, eine Einrichtung zum Mitlesen oder Überwachen einzubauen.',
    'Bis zu diesem Tag hat dieses Haus niemandem Schlüssel gegeben, mit denen sich Nachrichten seiner Mitglieder öffnen lassen.',
    'Bis zu diesem Tag hat dieses Haus sein Programm für niemanden so geändert, dass Nachrichten nicht oder schwächer verschlossen werden.',
    'Bis zu diesem Tag ist dieses Haus nicht verpflichtet worden, über etwas davon zu schweigen.',
  ],
  en: [
    'Up to this day nobody has obliged this house, or brought it, to build in a facility for reading or surveillance.',
    'Up to this day this house has given nobody keys with which messages of its members can be opened.',
    'Up to this day this house has changed its program for nobody so that messages are not sealed, or sealed less well.',
    'Up to this day this house has not been obliged to keep silent about any of this.',
  ],
};
