import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { SphinxError } from '@sphinx/platform';
import type { SensorInput } from '../sensor/sensor-messages.ts';
import { captureCommand, explainCaptureFailure } from './live-capture.ts';
import type { Source } from './source.ts';
import type { SourceSecrets } from './source-secrets.ts';
import { prepareSshCapture } from './ssh-capture.ts';

/** Ways in for one run of a source. */
export interface SourceInput {
  readonly input: SensorInput;
  /** What a person can do about a failure. @param reason as the sensor thread gives it */
  explain(reason: string): string;
  /** Called once when the run has ended. */
  close(): Promise<void>;
}

/**
 * Opens the way in for one run.
 *
 * @throws SphinxError SPX_NOT_FOUND for a file that is gone, SPX_UNAVAILABLE where a program is missing, SPX_CONFLICT for
 *   what runs elsewhere
 */
export async function openSourceInput(
  source: Source,
  secrets: SourceSecrets,
  scratchFolder: string,
): Promise<SourceInput> {
  const { kind, host = '', port = 0, path = '', interface: interfaceName = '' } = source;
  switch (kind) {
    case 'file':
    case 'sample':
    case 'folder':
      return plain(await fileInput(source));
    case 'interface': {
      const input = await captureCommand(interfaceName, source);
      return { ...plain(input), explain: (reason) => explainCaptureFailure(input.command, interfaceName, reason) };
    }
    case 'flow-exports':
    case 'packet-server':
    case 'packet-client':
      return plain({ kind, host, port });
    case 'records':
      return plain({ kind, address: path === '' ? { host, port } : { path } });
    case 'rpcap': {
      const { user = '' } = source;
      const { password = '' } = await secrets.get(source.id);
      const login = user === '' && password === '' ? undefined : { user, password };
      return plain({ kind, host, port, interface: interfaceName, login });
    }
    case 'ssh': {
      const capture = await prepareSshCapture(source, await secrets.get(source.id), scratchFolder);
      return {
        ...plain(capture.input),
        explain: (reason) => `Capturing on ${interfaceName} of ${host} ended: ${reason.trim().split('\n').at(-1)}`,
        close: async () => {
          const knownHosts = await capture.close();
          if (knownHosts !== '') await secrets.put(source.id, { knownHosts });
        },
      };
    }
    case 'sensor':
      throw new SphinxError(
        'SPX_CONFLICT',
        'A source of a remote sensor is started and stopped where the sensor runs.',
      );
    default:
      return kind satisfies never;
  }
}

function plain(input: SensorInput): SourceInput {
  return { input, explain: (reason) => reason, close: async () => {} };
}

async function fileInput({ path = '', title }: Source): Promise<SensorInput> {
  const isThere = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  // An upload has its own name in the title.
  if (isThere) return { kind: 'file', path, name: basename(path).includes('.') ? basename(path) : title };
  throw new SphinxError(
    'SPX_NOT_FOUND',
    `The file of "${title}" is no longer there. Uploads are deleted once they were read: send it again.`,
  );
}
