// The words of addresses, domains and shared mailboxes in the language of the page: the list is shown without them.

import { useLanguage } from '../parts/speech.tsx';
import { addressesDe } from '../words/addresses-de.ts';
import { addressesEn, type AddressesWords } from '../words/addresses-en.ts';
import { domainDe } from '../words/domain-de.ts';
import { domainEn, type DomainWords } from '../words/domain-en.ts';
import { sharingDe } from '../words/sharing-de.ts';
import { sharingEn, type SharingWords } from '../words/sharing-en.ts';

export function useAddressWords(): AddressesWords {
  return useLanguage() === 'de' ? addressesDe : addressesEn;
}

export function useSharingWords(): SharingWords {
  return useLanguage() === 'de' ? sharingDe : sharingEn;
}

export function useDomainWords(): DomainWords {
  return useLanguage() === 'de' ? domainDe : domainEn;
}
