import { z } from 'zod';
import { objectByType } from './by-type.ts';
import { Base64, ExternalReference } from './data-types.ts';

/** §5.1: what every command has. */
const COMMON = {
  description: z.string().optional(),
  version: z.string().optional(),
  playbook_activity: z.string().optional(),
  external_references: z.array(ExternalReference).optional(),
};
const HEADERS = z.record(z.string(), z.array(z.string()));
const START_LINE = /^[A-Z]+ \S+ HTTP\/\d(?:\.\d)?$/;

/** A command as text, or in base64 where its blanks and quotes matter. */
function textCommand(type: string) {
  return z
    .strictObject({ type: z.literal(type), ...COMMON, command: z.string().optional(), command_b64: Base64.optional() })
    .refine(({ command, command_b64 }) => command !== undefined || command_b64 !== undefined, {
      message: 'Must have command or command_b64 (CACAO 2.0 §5)',
    });
}

function encodedCommand(type: string) {
  return z.strictObject({ type: z.literal(type), ...COMMON, command_b64: Base64 });
}

const COMMANDS = {
  manual: textCommand('manual'),
  bash: textCommand('bash'),
  'caldera-cmd': textCommand('caldera-cmd'),
  elastic: encodedCommand('elastic'),
  'http-api': z.strictObject({
    type: z.literal('http-api'),
    ...COMMON,
    command: z.string().regex(START_LINE, 'Must be a start line such as "POST /api HTTP/1.1" (CACAO 2.0 §5.5)'),
    headers: HEADERS.optional(),
    content: z.string().optional(),
    content_b64: Base64.optional(),
  }),
  jupyter: encodedCommand('jupyter'),
  kestrel: encodedCommand('kestrel'),
  'openc2-http': z.strictObject({
    type: z.literal('openc2-http'),
    ...COMMON,
    command: z
      .string()
      .regex(/^POST \S+ HTTP\/\d(?:\.\d)?$/, 'Must be a start line of the method POST (CACAO 2.0 §5.8)'),
    content_b64: Base64,
    headers: HEADERS.optional(),
  }),
  powershell: textCommand('powershell'),
  sigma: encodedCommand('sigma'),
  ssh: textCommand('ssh'),
  yara: encodedCommand('yara'),
} as const;

/** A command of any type: the vocabulary is an open one. */
export interface Command {
  readonly type: string;
  readonly description?: string;
  readonly playbook_activity?: string;
  readonly command?: string;
  readonly command_b64?: string;
  readonly content?: string;
  readonly content_b64?: string;
}

/** §5. */
export const Command = objectByType<Command>(COMMANDS, z.looseObject({ type: z.string().min(1), ...COMMON }));
