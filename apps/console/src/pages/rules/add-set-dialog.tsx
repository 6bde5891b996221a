import {
  Button,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { Changes } from './changes.tsx';
import {
  type DownloadCheck,
  type NewRuleSet,
  previewRules,
  type RuleOrigin,
  takeRules,
  useRuleChange,
} from './queries.ts';
import { RuleFileDrop } from './rule-file-drop.tsx';

const CHECKS: readonly { readonly value: DownloadCheck; readonly label: string }[] = [
  { value: 'none', label: 'TLS alone' },
  { value: 'sha256', label: 'SHA-256 beside it (.sha256)' },
  { value: 'md5', label: 'MD5 beside it (.md5)' },
  { value: 'signature', label: 'Signature: Ed25519 (.sig) or minisign (.minisig)' },
];
const EMPTY: NewRuleSet = { title: '', url: '', check: 'none', updateHours: null, isReviewed: false };

/** Rules come in from a file or a URL: first what they would bring, then they do. */
export function AddSetDialog({ onClose }: { onClose: () => void }) {
  const [way, setWay] = useState<'file' | 'url'>('file');
  const [origin, setOrigin] = useState<RuleOrigin | null>(null);
  const preview = useMutation({ mutationFn: previewRules });
  const take = useRuleChange(takeRules);
  const look = (next: RuleOrigin) => {
    setOrigin(next);
    take.reset();
    preview.mutate(next);
  };
  return (
    <Modal opened onClose={onClose} title="Add a rule set" size="xl">
      <Stack>
        <SegmentedControl
          aria-label="Where the rules come from"
          value={way}
          onChange={(value) => {
            setWay(value === 'url' ? 'url' : 'file');
            setOrigin(null);
            preview.reset();
          }}
          data={[
            { value: 'file', label: 'File' },
            { value: 'url', label: 'URL' },
          ]}
        />
        {way === 'file' && (
          <RuleFileDrop
            isBusy={preview.isPending}
            onFile={(file) => look({ kind: 'file', file, title: file.name.replace(/\.(rules|tar\.gz|tgz|gz)$/, '') })}
          />
        )}
        {origin?.kind === 'file' && (
          <TextInput
            label="Title"
            maxLength={120}
            value={origin.title}
            onChange={({ currentTarget }) => setOrigin({ ...origin, title: currentTarget.value })}
          />
        )}
        {way === 'url' && <UrlForm isBusy={preview.isPending} onLook={(set) => look({ kind: 'url', set })} />}
        <ErrorText error={preview.error ?? take.error} />
        {preview.data !== undefined && <Changes changes={preview.data} />}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={origin === null || preview.data === undefined || preview.data.loaded === 0}
            loading={take.isPending}
            onClick={() => origin !== null && take.mutate(origin, { onSuccess: onClose })}
          >
            Add the set
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function UrlForm({ isBusy, onLook }: { isBusy: boolean; onLook: (set: NewRuleSet) => void }) {
  const [set, setSet] = useState<NewRuleSet>(EMPTY);
  const change = (part: Partial<NewRuleSet>) => setSet({ ...set, ...part });
  const isComplete =
    set.title.trim() !== '' && set.url !== '' && (set.check !== 'signature' || set.publicKey !== undefined);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onLook(set);
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Title"
          required
          maxLength={120}
          value={set.title}
          onChange={({ currentTarget }) => change({ title: currentTarget.value })}
        />
        <TextInput
          label="URL of a rule file or archive (.tar.gz)"
          description="With https; with http only where a signature is checked. Inner addresses need the setting “Mirrors inside the own network”."
          type="url"
          required
          value={set.url}
          onChange={({ currentTarget }) => change({ url: currentTarget.value.trim() })}
        />
        <Select
          label="What proves that it is the publisher’s"
          data={CHECKS}
          allowDeselect={false}
          value={set.check}
          onChange={(check) => {
            const { publicKey: _publicKey, ...rest } = set;
            setSet({ ...rest, check: check as DownloadCheck });
          }}
        />
        {set.check === 'signature' && (
          <Textarea
            label="Public key of the publisher"
            description="Ed25519 as PEM, or the line of minisign"
            required
            autosize
            minRows={2}
            value={set.publicKey ?? ''}
            onChange={({ currentTarget }) => change({ publicKey: currentTarget.value })}
          />
        )}
        {(set.check === 'md5' || set.check === 'sha256') && (
          <Text size="sm" c="dimmed">
            A checksum finds damage. Whoever can forge the rules can forge it, too.
          </Text>
        )}
        <ScheduleInputs value={set} onChange={change} />
        <Group justify="end">
          <Button type="submit" variant="default" loading={isBusy} disabled={!isComplete}>
            Look at what it would bring
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** When a set is fetched again, and whether somebody looks first. */
export function ScheduleInputs(props: {
  value: { readonly updateHours: number | null; readonly isReviewed: boolean };
  onChange: (part: { updateHours?: number | null; isReviewed?: boolean }) => void;
}) {
  const { value, onChange } = props;
  return (
    <Group align="end">
      <NumberInput
        label="Hours between updates"
        description="Empty: as the settings say. 0: never."
        w={230}
        min={0}
        max={8760}
        allowDecimal={false}
        value={value.updateHours ?? ''}
        onChange={(hours) => onChange({ updateHours: typeof hours === 'number' ? hours : null })}
      />
      <Switch
        label="Updates wait until somebody has looked"
        checked={value.isReviewed}
        onChange={({ currentTarget }) => onChange({ isReviewed: currentTarget.checked })}
        mb={8}
      />
    </Group>
  );
}
