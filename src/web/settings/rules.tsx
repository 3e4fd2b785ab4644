// Rules: if a field contains a text, then move, star or mark as read.

import { useEffect, useState } from 'preact/hooks';
import type { MailboxId } from '#base/ids.ts';
import type { MailboxInfo, Rule } from '../backend.ts';
import { boxWord, foldersOf } from '../mail/box-words.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { Select } from '../parts/select.tsx';
import { useLanguage, useWords } from '../parts/speech.tsx';
import { useStore } from '../parts/use-store.ts';
import type { Words } from '../words/words.ts';
import { toldAbout } from './disclosure-table.tsx';
import { Block } from './block.tsx';
import type { SettingsProps } from './settings.tsx';

function actionWord(rule: Rule, boxes: readonly MailboxInfo[], words: Words): string {
  const { action } = rule;
  if (action.kind !== 'move') return words.settings.ruleActions[action.kind];
  const box = boxes.find((known) => known.id === action.mailboxId);
  return `${words.settings.ruleActions.move} ${box ? boxWord(box, words) : '–'}`;
}

function RuleForm(of: { readonly boxes: readonly MailboxInfo[]; readonly onAdd: (rule: Rule) => void }) {
  const words = useWords();
  const [field, setField] = useState<Rule['field']>('from');
  const [contains, setContains] = useState('');
  const [action, setAction] = useState<'star' | 'read' | MailboxId>('star');
  const { ruleFields, ruleActions } = words.settings;
  const targets = of.boxes.map((box) => ({ value: box.id, word: `${ruleActions.move} ${boxWord(box, words)}` }));
  return (
    <form
      class="rule-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (contains.trim() === '') return;
        const box = of.boxes.find((known) => known.id === action);
        const act: Rule['action'] = box
          ? { kind: 'move', mailboxId: box.id }
          : { kind: action === 'read' ? 'read' : 'star' };
        of.onAdd({ id: undefined, field, contains: contains.trim(), action: act });
        setContains('');
      }}
    >
      <span class="rule-word">{words.settings.ruleIf}</span>
      <Select
        label={words.settings.ruleIf}
        value={field}
        options={(['from', 'to', 'subject'] as const).map((value) => ({ value, word: ruleFields[value] }))}
        onChoose={setField}
      />
      <span class="rule-word">{words.settings.ruleContains}</span>
      <Field label={words.settings.ruleText} value={contains} onInput={setContains} />
      <span class="rule-word">{words.settings.ruleThen}</span>
      <Select<'star' | 'read' | MailboxId>
        label={words.settings.ruleThen}
        value={action}
        options={[{ value: 'star', word: ruleActions.star }, { value: 'read', word: ruleActions.read }, ...targets]}
        onChoose={setAction}
      />
      <Button kind="primary" submits disabled={contains.trim() === ''}>
        {words.settings.ruleAdd}
      </Button>
    </form>
  );
}

export function RuleSettings({
  backend,
  control,
  disclosure,
}: Pick<SettingsProps, 'backend' | 'control' | 'disclosure'>) {
  const words = useWords();
  const language = useLanguage();
  const { mailboxes } = useStore(control.model.store);
  const [rules, setRules] = useState<readonly Rule[]>([]);
  useEffect(() => void backend.rules().then(setRules), []);
  const save = async (next: readonly Rule[]): Promise<void> => {
    const result = await backend.setRules(next);
    control.model.say(result.ok ? words.toasts.saved : words.toasts.failed);
    setRules(await backend.rules());
  };
  const targets = [
    ...mailboxes.filter((box) => box.role === 'archive' || box.role === 'trash' || box.role === 'junk'),
    ...foldersOf(mailboxes),
  ];
  return (
    <Block title={words.settings.rules} text={words.settings.rulesLead}>
      {rules.length === 0 ? <p class="block-none meta">{words.settings.rulesNone}</p> : null}
      <ul class="lines">
        {rules.map((rule) => (
          <li key={rule.id} class="line">
            <span class="line-text">
              {words.settings.ruleSentence(
                words.settings.ruleFields[rule.field],
                rule.contains,
                actionWord(rule, mailboxes, words),
              )}
            </span>
            <Button kind="link" onPress={() => void save(rules.filter((known) => known !== rule))}>
              {words.settings.remove}
            </Button>
          </li>
        ))}
      </ul>
      <p class="block-none meta">{toldAbout(disclosure, 'door-rules', language)}</p>
      <RuleForm boxes={targets} onAdd={(rule) => void save([...rules, rule])} />
    </Block>
  );
}
