// The three welcome messages in English: what is sealed, what keeps the mailbox yours, what to try. What the operator sees is filled in from the disclosure table.

export const welcomeEn = {
  written: 'Written by this page, kept nowhere',
  sender: 'Siegel',
  to: 'to you',
  sealed: {
    subject: 'Welcome. Your letters are sealed.',
    snippet: 'What that means, and who can open them.',
    paragraphs: [
      'This mailbox is yours alone. Every letter that reaches it is closed with your key, as one closes an envelope with wax, and is kept closed. Only your keys open it, here in your browser.',
      'You can see how at each letter: its round seal tells how it came, and one press on it tells what the people who run this server can see of it. For your mailbox as a whole they see this:',
    ],
    after: 'When your first letter arrives, these three messages make room for it.',
    more: 'The whole table',
  },
  safety: {
    subject: 'Keep your mailbox yours',
    snippet: 'Your recovery phrase, and a second step when you sign in.',
    paragraphs: [
      'A forgotten password cannot be given back by anyone. Your recovery phrase of twelve words opens the mailbox instead. Write it on paper and keep it where you keep what matters.',
      'Signing in can also ask for a code from an authenticator. Then a password that was seen or guessed opens nothing. Both are set in a minute.',
    ],
    missing: 'You have no recovery phrase yet.',
    set: 'Your recovery phrase is set. A new one can be made at any time.',
    button: 'Open security settings',
  },
  try: {
    subject: 'Three things to try',
    snippet: 'The server’s view, the keys, the search.',
    paragraphs: ['All of it can also be pressed with a finger or a mouse.'],
    things: {
      keys: {
        title: 'Work without the mouse',
        text: 'j and k walk, e archives, and one key shows all others.',
        button: 'Show the keys',
      },
      server: {
        title: 'See what the server sees',
        text: 'The mailbox as the bytes this server holds. Look again when letters have come.',
        button: 'Server’s view',
      },
      search: { title: 'Search', text: 'By words of text, names and beginnings of words.', button: 'Search' },
    },
    after: (address: string) => `Then write a first letter to ${address}, from any mailbox you have.`,
  },
};

export type WelcomeWords = typeof welcomeEn;
