// Every POST under /auth that has a body: its path and the shape of its answer, by the name of its request.

import type { AnswerName } from './auth-answers.ts';
import type { RequestName } from './auth-requests.ts';

export const authCalls = {
  invitation: { path: '/auth/invitation', answer: 'invitation' },
  signupStart: { path: '/auth/signup/start', answer: 'signupStart' },
  signupFinish: { path: '/auth/signup/finish', answer: 'step' },
  loginStart: { path: '/auth/login/start', answer: 'loginStart' },
  loginFinish: { path: '/auth/login/finish', answer: 'step' },
  loginCode: { path: '/auth/login/code', answer: 'step' },
  loginProve: { path: '/auth/login/prove', answer: 'step' },
  loginReopen: { path: '/auth/login/reopen', answer: 'step' },
  credentialStart: { path: '/auth/credential/start', answer: 'credentialStart' },
  credentialPending: { path: '/auth/credential/pending', answer: 'nothing' },
  credentialPromote: { path: '/auth/credential/promote', answer: 'step' },
  recoverLocate: { path: '/auth/recover/locate', answer: 'recoverLocate' },
  recoverStart: { path: '/auth/recover/start', answer: 'step' },
  recoverLost: { path: '/auth/recover/lost', answer: 'step' },
  resetStart: { path: '/auth/reset/start', answer: 'resetStart' },
  resetFinish: { path: '/auth/reset/finish', answer: 'nothing' },
  sessionEnd: { path: '/auth/sessions/end', answer: 'nothing' },
  wrapPut: { path: '/auth/wrap/put', answer: 'nothing' },
  wrapRemove: { path: '/auth/wrap/remove', answer: 'nothing' },
  totpPut: { path: '/auth/totp/put', answer: 'nothing' },
  totpRemove: { path: '/auth/totp/remove', answer: 'nothing' },
  keyringPut: { path: '/auth/keyring/put', answer: 'nothing' },
  appPasswordPut: { path: '/auth/app-password/put', answer: 'nothing' },
  appPasswordRemove: { path: '/auth/app-password/remove', answer: 'nothing' },
  aliasAdd: { path: '/auth/alias/add', answer: 'alias' },
  aliasRemove: { path: '/auth/alias/remove', answer: 'nothing' },
  holderPut: { path: '/auth/holder/put', answer: 'nothing' },
  holderRemove: { path: '/auth/holder/remove', answer: 'nothing' },
  holderLeave: { path: '/auth/holder/leave', answer: 'nothing' },
  rulesPut: { path: '/auth/rules', answer: 'nothing' },
  accountClose: { path: '/auth/account/close', answer: 'nothing' },
} as const satisfies { readonly [K in RequestName]: { readonly path: `/auth/${string}`; readonly answer: AnswerName } };

export type AnswerTo<K extends RequestName> = (typeof authCalls)[K]['answer'];
