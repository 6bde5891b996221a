import { Button, Group } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { ImportsView } from './imports-view.tsx';
import { type Target, useSubmissions } from './queries.ts';
import { SubmissionsView } from './submissions-view.tsx';

/** What do lists of scanners, agents and makers say about the software of our devices? */
export default function SoftwarePage() {
  const mayWrite = useMay('weaknesses:write');
  const [parameters, setParameters] = useSearchParams();
  const about = modelOf(parameters);
  const [isImporting, setImporting] = useState(about !== undefined);
  const close = () => {
    setImporting(false);
    if (about !== undefined) setParameters({}, { replace: true });
  };
  const waiting = useSubmissions('waiting').data?.waiting ?? 0;
  const importButton = mayWrite && (
    <Button leftSection={<IconUpload size={16} aria-hidden />} onClick={() => setImporting(true)}>
      Import a list
    </Button>
  );
  const views = [
    { id: 'imports', title: 'Imported lists' },
    { id: 'vendors', title: waiting === 0 ? 'From vendors' : `From vendors (${waiting} waiting)` },
  ] as const;
  return (
    <>
      <PageHeader
        title="Software lists"
        description="Bills of materials, package lists, reports of scanners and agents, MDS2 forms: what is in a device decides which weaknesses it has. Every import can be taken back."
        actions={<Group gap="xs">{importButton}</Group>}
      />
      <ViewTabs views={views} label="Where lists come from">
        {({ id }) => (id === 'imports' ? <ImportsView action={importButton} /> : <SubmissionsView />)}
      </ViewTabs>
      {isImporting && mayWrite && <ImportDialog about={about} onClose={close} />}
    </>
  );
}

/** Whoever comes from a product brings its documents. */
function modelOf(parameters: URLSearchParams): Target | undefined {
  const [manufacturer, model] = [parameters.get('manufacturer'), parameters.get('model')];
  if (manufacturer === null || model === null) return undefined;
  return { kind: 'model', manufacturer, model, version: parameters.get('version') ?? '' };
}
