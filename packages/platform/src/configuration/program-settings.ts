import { z } from 'zod';

const DAY_RANGE = z.int().min(1).max(3650);

/** Settings of the program itself. Those of a service stand in its manifest. */
export const ProgramSettings = z.object({
  server: z
    .object({
      host: z.string().default('127.0.0.1').meta({
        title: 'Listening address',
        description: 'Address that the console and the API listen on; 0.0.0.0 for all. Needs a restart.',
      }),
      port: z.int().min(0).max(65535).default(8443).meta({
        title: 'Port',
        description: 'TCP port of the console and the API; 0 takes a free one. Needs a restart.',
      }),
      certificateFile: z.string().default('').meta({
        title: 'Certificate file',
        description: 'PEM file with the certificate chain. Empty: SPHINX makes its own. Needs a restart.',
      }),
      privateKeyFile: z.string().default('').meta({
        title: 'Private key file',
        description: 'PEM file with the key of the certificate. Needs a restart.',
      }),
    })
    .prefault({}),
  log: z
    .object({
      level: z.enum(['debug', 'info', 'warn', 'error']).default('info').meta({
        title: 'Log level',
        description: 'How much the program writes to its log. Needs a restart.',
      }),
    })
    .prefault({}),
  access: z
    .object({
      sessionHours: z.int().min(1).max(720).default(12).meta({
        title: 'Length of a session',
        description: 'Hours after which everybody signs in again.',
      }),
      idleHours: z.int().min(1).max(720).default(2).meta({
        title: 'Idle time',
        description: 'Hours without use after which a session ends.',
      }),
    })
    .prefault({}),
  retention: z
    .object({
      factDays: DAY_RANGE.default(365).meta({
        title: 'Keep facts for',
        description: 'Days that observations, verdicts and certificates stay in the event log.',
      }),
      telemetryDays: DAY_RANGE.default(30).meta({
        title: 'Keep telemetry for',
        description: 'Days that flows and protocol records are kept.',
      }),
    })
    .prefault({}),
  secrets: z
    .object({
      masterKeyFile: z.string().default('').meta({
        title: 'Master key file',
        description: 'File with the key that seals secrets. Empty: master.key in the data folder. Needs a restart.',
      }),
    })
    .prefault({}),
});
export type ProgramSettings = z.infer<typeof ProgramSettings>;
