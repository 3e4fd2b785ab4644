// The words of the public page /authorities in English.

export const authoritiesEn = {
  productName: 'Siegel',
  language: 'Language',
  title: 'For authorities',
  lead: 'Requests of authorities reach this house here. What you write and attach is encrypted in your browser to the people who examine requests; the server sees that something came and how large it is, nothing of what it says.',
  waiting: 'Asking for the keys …',
  closed:
    'This house takes no requests through this page: nobody is named yet who may open them. Please send a letter by post.',
  noAnswer: 'The house does not answer. Nothing was sent; try again in a minute.',
  form: 'Your request',
  authority: 'Authority',
  authorityHelp: 'Name and address of the authority that asks.',
  reference: 'File reference',
  referenceHelp: 'Yours, so that our answer finds its way. May be empty.',
  contact: 'Answer to',
  contactHelp: 'Address for an encrypted answer, with a way to check your key, or a postal address.',
  text: 'Request',
  textHelp: 'What is asked for, about whom, for which period and on which legal basis. Or attach it below.',
  drop: 'Drop documents here: the order, your public key, annexes',
  choose: 'Choose documents',
  remove: 'Remove',
  send: 'Encrypt and send',
  sending: 'Encrypting and sending …',
  faults: {
    authority: 'Say which authority asks.',
    contact: 'Say where the answer goes.',
    nothing: 'Write the request or attach it.',
    tooLong: 'That is too long for a field of this form: attach it as a document.',
    tooManyFiles: 'Those are too many documents: put them into one archive.',
  },
  troubles: {
    tooLarge:
      'Together that is too large: 3 MB of documents are safe. Send the rest as a second request that names the first.',
    tooOften: 'Too many requests from your network within a minute. Nothing was sent; try again in a minute.',
    later: 'The desk takes nothing just now. Nothing was sent; try again later, or send a letter by post.',
    noConnection: 'There is no connection. Nothing was sent; what you wrote still stands here.',
    otherKeys: 'The keys of the desk changed while you wrote. Nothing was sent: reload this page and send again.',
  },
  arrived: 'Your request came in',
  reference2: 'Reference',
  arrivedMeans:
    'Two people examine each request. This page says nothing about what becomes of it, nor whether an address exists here. Name this reference when you write again.',
  another: 'Send another request',
  keys: 'Keys of the desk',
  keysMeans:
    'Everything sent here is encrypted to all of these keys. Compare the fingerprints with those you were given by another way.',
  keysFile: 'All keys as a file, for encrypted mail',
  roles: { OFFICER: 'Data protection officer', LAWYER: 'Lawyer', CLERK: 'Clerk' },
  report: 'Transparency report',
  trust: 'What this house answers for',
};

export type AuthoritiesWords = typeof authoritiesEn;
