// Why each record matters and what can be wrong with it, as sentences: for the command as they stand, for the page beside their translation.

type Facts = readonly string[];

export const reportWordsEn = {
  why: {
    mx: 'Other servers bring letters for this domain to the machine that this record names.',
    address: 'The name that letters are brought to must lead to this machine.',
    spf: 'It says that letters of this domain leave from this machine only.',
    'spf-smarthost':
      'It says which machines send letters of this domain. The smarthost’s operator knows if it needs an include: of its own.',
    'dkim-signing': 'With this key other servers check that a letter left here and was not changed.',
    'dkim-coming': 'Letters will be signed with this key soon: its record has to be there before.',
    'dkim-leaving': 'Letters signed with this key may still wait in other queues: leave its record for now.',
    dmarc: 'It tells other servers to distrust letters that only pretend to come from here.',
    'mta-sts': 'It announces the rule that letters to here travel encrypted to the right machine.',
    'mta-sts-host': 'The rule itself is fetched from this name over HTTPS.',
    'mta-sts-policy': 'A rule that is announced and cannot be read protects nobody.',
    'tls-rpt': 'Other servers report to this address when they could not encrypt a letter to here.',
    openpgpkey: 'People elsewhere find the keys of this house by it and can write sealed letters (WKD).',
    autoconfig: 'Mail programs ask this name how to hand letters in.',
    srv: 'Mail programs find the server that takes their letters by it.',
    'srv-jmap': 'Programs that speak JMAP find the server by it.',
    caa: 'Only the authority that it names may issue certificates for this domain.',
    ptr: 'Many servers refuse letters from a machine whose address does not lead back to the name it greets with.',
    'port-25': 'Other servers bring letters on port 25; many providers close it until they are asked.',
    certificate: 'Other servers and mail programs check the certificate’s name before they trust it with a letter.',
  },
  problem: {
    noAnswer: () => 'The name server does not answer. Try again in a moment.',
    none: () => 'There is no such record.',
    noMx: ([host = '']: Facts) => `No MX record names ${host}: letters do not come here.`,
    mxBefore: ([hosts = '']: Facts) => `Letters go to ${hosts} first, and not here.`,
    mxFurther: () => 'There are further mail servers: they must hand letters on to this one.',
    noAddress: ([host = '']: Facts) => `${host} has no address.`,
    otherAddress: ([host = '', found = '', own = '']: Facts) =>
      `${host} leads to ${found}, and this machine has ${own}: right only behind a router or with one address of several.`,
    spfSeveral: () => 'There are several SPF records: together they count as none.',
    spfJudges: ([peer = '', status = '']: Facts) => `Letters from ${peer} would be judged “${status}” by it.`,
    dkimSeveral: () => 'There are several records at this name: one is allowed.',
    dkimOther: () => 'Another key stands there.',
    dmarcSeveral: () => 'There are several DMARC records: together they count as none.',
    dmarcInvalid: () => 'There is no valid DMARC record.',
    dmarcNone: () => 'Its policy is none: forged letters in this domain’s name are let through.',
    stsId: () => 'Its id is another one: servers that know the old rule do not look again.',
    noName: ([name = '']: Facts) => `${name} does not exist.`,
    otherMachine: ([name = '', host = '']: Facts) => `${name} leads elsewhere than ${host}.`,
    anyIssuer: () => 'Any authority may issue certificates for this domain.',
    policyUnread: ([url = '', kind = '']: Facts) => `${url} cannot be read (${kind}).`,
    policyOther: ([url = '', mode = '', mx = '']: Facts) =>
      `${url} is not the rule of this house: mode ${mode}, mx ${mx}.`,
    ptrOther: ([addresses = '', host = '']: Facts) =>
      `${addresses} does not lead back to ${host}. Whoever gave you the address sets that (reverse DNS, PTR).`,
    port25: ([host = '']: Facts) =>
      `Whether it is reached from outside cannot be seen from here. From another machine: openssl s_client -starttls smtp -connect ${host}:25`,
    certificateNone: () => 'There is none: letters come in unencrypted, and mail programs cannot hand letters in.',
    certificateAwaited: () => 'None has been fetched yet; siegel status says how it goes.',
    certificateUnreadable: () => 'The file cannot be read or holds none.',
    certificateOver: () => 'It has ended: other servers that insist on encryption bring nothing more.',
    certificateName: ([host = '']: Facts) => `It does not hold the name ${host}.`,
    certificateWeek: () => 'It ends within a week.',
    certificateWeeks: () => 'It ends within three weeks.',
    certificateNames: ([names = '']: Facts) => `It does not hold ${names}; a proxy in front may.`,
  },
} as const;

export type WhyKind = keyof typeof reportWordsEn.why;
export type ProblemKind = keyof typeof reportWordsEn.problem;

export const whyKinds = keysOf(reportWordsEn.why);
export const problemKinds = keysOf(reportWordsEn.problem);

/** The same in another language. */
export interface ReportWords {
  readonly why: Readonly<Record<WhyKind, string>>;
  readonly problem: Readonly<Record<ProblemKind, (facts: Facts) => string>>;
}

const isTyped: ReportWords = reportWordsEn;

export function problemSentence(
  { kind, facts }: { readonly kind: ProblemKind; readonly facts: Facts },
  words: ReportWords = isTyped,
): string {
  return words.problem[kind](facts);
}

function keysOf<K extends string>(table: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(table).filter((key): key is K => Object.hasOwn(table, key));
}
