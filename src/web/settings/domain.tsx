// Settings, Domain, for the operator: every record of a domain with its state, and the one to set with a button that copies it.

import { useEffect, useState } from 'preact/hooks';
import type { HouseReport, RecordFinding } from '#formats/zone/house-report.ts';
import type { Backend } from '../backend.ts';
import { Button } from '../parts/button.tsx';
import { Chip } from '../parts/chip.tsx';
import { Select } from '../parts/select.tsx';
import { useWords } from '../parts/speech.tsx';
import type { DomainWords } from '../words/domain-en.ts';
import { Block } from './block.tsx';
import { useDomainWords } from './use-own-words.ts';

export interface DomainProps {
  readonly backend: Backend;
  readonly say: (text: string) => void;
}

const ORDER = { red: 0, hint: 1, green: 2 } as const;

function thingOf(things: Readonly<Record<string, string>>, { id, record }: RecordFinding): string {
  return record === null ? (things[id] ?? id) : `${record.type} ${record.name}`;
}

function Copy(of: DomainProps & { readonly text: string; readonly label: string }) {
  const words = useWords();
  const own = useDomainWords();
  const copy = (): void =>
    void navigator.clipboard.writeText(of.text).then(
      () => of.say(own.copied),
      () => of.say(words.toasts.failed),
    );
  return (
    <Button kind="link" onPress={copy}>
      {of.label}
    </Button>
  );
}

/** The record to set, its parts ready to be copied. */
function Wanted(of: DomainProps & { readonly record: NonNullable<RecordFinding['record']> }) {
  const own = useDomainWords();
  const { name, value } = of.record;
  return (
    <dl class="record">
      <dt>{own.name}</dt>
      <dd class="mono">{name}</dd>
      <dt>{own.value}</dt>
      <dd class="mono">{value}</dd>
      <dd class="record-copy">
        <Copy {...of} text={name} label={own.copyName} />
        <Copy {...of} text={value} label={own.copyValue} />
      </dd>
    </dl>
  );
}

function Finding(of: DomainProps & { readonly finding: RecordFinding }) {
  const own = useDomainWords();
  const { finding } = of;
  const { problem, record, found, state, why } = finding;
  return (
    <li class="finding" data-state={state}>
      <p class="finding-head">
        <Chip kind={state === 'red' ? 'warn' : 'text'}>{own.states[state]}</Chip>
        <span class="finding-name">{thingOf(own.things, finding)}</span>
      </p>
      {problem === null ? null : <p>{own.report.problem[problem.kind](problem.facts)}</p>}
      {problem === null ? null : <p class="meta">{own.report.why[why]}</p>}
      {problem !== null && found.length > 0 ? (
        <p class="meta finding-found">
          {own.found}: {found.join(' · ')}
        </p>
      ) : null}
      {problem === null || record === null ? null : <Wanted {...of} record={record} />}
    </li>
  );
}

type Looked = HouseReport | 'looking' | 'unread';

function stateSentence(own: DomainWords, report: Looked): string {
  if (report === 'looking') return own.looking;
  if (report === 'unread') return own.unread;
  const reds = report.findings.filter(({ state }) => state === 'red').length;
  return reds > 0 ? own.toSet(reds) : own.inOrder(report.findings.length);
}

export function DomainSettings(of: DomainProps) {
  const own = useDomainWords();
  const [domains, setDomains] = useState<readonly string[]>([]);
  const [domain, setDomain] = useState<string | undefined>(undefined);
  const [report, setReport] = useState<Looked>('looking');
  const look = (at: string | undefined): void => {
    if (at === undefined) return setReport('unread');
    setReport('looking');
    return void of.backend.domainReport(at).then((read) => setReport(read ?? 'unread'));
  };
  useEffect(() => {
    void of.backend.domains().then((read) => {
      setDomains(read ?? []);
      setDomain(read?.[0]);
      look(read?.[0]);
    });
  }, []);
  const state = stateSentence(own, report);
  return (
    <>
      {domains.length > 1 ? (
        <div class="domain-choice">
          <Select
            label={own.which}
            value={domain ?? ''}
            options={domains.map((one) => ({ value: one, word: one }))}
            onChoose={(chosen) => {
              setDomain(chosen);
              look(chosen);
            }}
          />
        </div>
      ) : null}
      <Block
        title={own.title(domain ?? '')}
        text={state}
        action={
          <Button kind="outline" disabled={report === 'looking'} onPress={() => look(domain)}>
            {own.again}
          </Button>
        }
      >
        {typeof report === 'string' ? null : (
          <ul class="lines findings">
            {report.findings
              .toSorted((a, b) => ORDER[a.state] - ORDER[b.state])
              .map((finding, index) => (
                <Finding key={index} {...of} finding={finding} />
              ))}
          </ul>
        )}
      </Block>
    </>
  );
}
