// The TXT records that say that a domain has a TLS policy, and whom to tell about TLS (RFC 8461 §3.1, RFC 8460 §3).

/** The policy's id; undefined when there is no such record, more than one, or a bad one: then the domain has no policy. */
export function findStsId(texts: readonly string[]): string | undefined {
  const records = texts.filter((text) => /^v=STSv1[ \t]*(?:;|$)/.test(text));
  const [record] = records;
  if (record === undefined || records.length > 1) return undefined;
  const ids = fieldsOf(record).flatMap(([name, value]) => (name === 'id' ? [value] : []));
  const [id] = ids;
  return ids.length === 1 && id !== undefined && /^[A-Za-z0-9]{1,32}$/.test(id) ? id : undefined;
}

/** Where reports about TLS are wanted: mailto: and https: addresses; empty when none are. */
export function tlsReportTargets(texts: readonly string[]): readonly string[] {
  const records = texts.filter((text) => /^v=TLSRPTv1[ \t]*(?:;|$)/.test(text));
  const [record] = records;
  if (record === undefined || records.length > 1) return [];
  const rua = fieldsOf(record).find(([name]) => name === 'rua')?.[1] ?? '';
  return rua
    .split(',')
    .map((target) => target.trim())
    .filter((target) => /^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/i.test(target));
}

function fieldsOf(record: string): readonly (readonly [string, string])[] {
  return record.split(';').map((field) => {
    const equals = field.indexOf('=');
    return [field.slice(0, equals).trim(), field.slice(equals + 1).trim()];
  });
}
