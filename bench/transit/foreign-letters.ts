// Letters in English and French, as German offices get them; what they say is known.

import type { Dice } from './dice.ts';

export type Language = 'english' | 'french';

const ENGLISH = [
  'We act for the claimant in the above matter and enclose a copy of the power of attorney dated {day} March 2025.',
  'Please let us have your client’s reply within {day} days; failing that, we shall issue proceedings without further notice.',
  'The sum of £{sum}.50 which was due on {day} July 2024 has neither been paid nor has its payment been offered.',
  'Although the goods were shipped on time, they were found to be defective when they arrived at the warehouse in Southampton.',
  'Under clause {day}.4 of the agreement, either party may terminate by giving three months’ written notice to the other.',
  'Would you kindly confirm whether the hearing, which has been listed for {day} November, is still to go ahead?',
  'I should be grateful if you could forward the medical records, X-rays and invoices to the above address.',
  'The witness, Mr Whitworth, stated that he had never seen the document, nor had he been asked to sign it.',
  'We reserve all our client’s rights, including the right to claim interest at {day} per cent per annum and costs.',
  'Thank you for your letter; we have taken our client’s instructions and will write to you again shortly.',
] as const;

const FRENCH = [
  'Nous vous prions de bien vouloir trouver ci-joint la procuration signée par notre cliente le {day} février 2025.',
  'À défaut de règlement dans un délai de {day} jours, nous saisirons le tribunal sans autre préavis.',
  'La somme de {sum},50 € qui était due le {day} août 2024 n’a été ni payée ni contestée à ce jour.',
  'Les marchandises, expédiées à temps, étaient endommagées à leur arrivée ; le reçu en témoigne.',
  'Conformément à l’article {day} du contrat, chacune des parties peut résilier moyennant un préavis de trois mois.',
  'Pourriez-vous nous confirmer que l’audience prévue le {day} décembre aura bien lieu, où et à quelle heure ?',
  'Le médecin a constaté une légère fièvre ; un traitement a été prescrit et le patient a été renvoyé chez lui.',
  'Le témoin a déclaré n’avoir jamais vu ce document, dont la signature ne serait pas la sienne.',
  'Nous réservons tous les droits de notre cliente, y compris celui de réclamer des intérêts et les dépens.',
  'Veuillez agréer, Madame, Monsieur, l’expression de nos sentiments distingués.',
] as const;

const HEADS = {
  english: ['Whitworth & Hughes LLP', 'Breach of contract – our client: Mrs Weatherby'],
  french: ['Cabinet Lefèvre & Associés', 'Rupture de contrat – notre cliente : Mme Chênevert'],
} as const;

/** Head, subject, paragraphs. */
export function writeForeign(language: Language, dice: Dice): readonly string[] {
  const sentences = (language === 'english' ? ENGLISH : FRENCH).map((text) =>
    text
      .replaceAll('{day}', () => String(Math.floor(dice.between(3, 28))))
      .replaceAll('{sum}', () => String(Math.floor(dice.between(1_000, 89_000)))),
  );
  const paragraphs = [0, 2, 4, 6, 8].map((from) => sentences.slice(from, from + 2).join(' '));
  return [...HEADS[language], ...paragraphs];
}
