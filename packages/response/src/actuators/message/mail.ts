import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import {
  type ActuatorCommand,
  type ActuatorContext,
  ActuatorError,
  type ActuatorKind,
} from '../../contract/actuator.ts';
import { secretText } from '../../means/http.ts';
import { MESSAGE_CAPABILITIES, MessageActuator, type MessageMeans } from './message-actuator.ts';

const LIMIT_MS = 20_000;

const MailSettings = z.strictObject({
  host: z.union([z.hostname(), z.ipv4(), z.ipv6()]).describe('Mail server'),
  port: z.int().min(1).max(65_535).default(587),
  security: z
    .enum(['starttls', 'tls', 'none'])
    .default('starttls')
    .describe('`none` only for a server of this machine'),
  authority: z.string().optional().describe('Certificate of its authority in PEM'),
  user: z.string().optional(),
  passwordSecret: z.string().optional().describe('Name of the secret with the password'),
  from: z.email(),
  to: z.array(z.email()).min(1).max(100),
});
type MailSettings = z.infer<typeof MailSettings>;

/** Messages to people. */
export const mail: ActuatorKind<typeof MailSettings> = {
  type: 'mail',
  title: 'Mail',
  description:
    'Sends a message to the people in the settings. The hospital prepares a mail server that takes it. A message that is sent ' +
    'twice after a crash has the same Message-ID, by which mail programs know it again.',
  proof: 'real',
  triedWith: 'aiosmtpd with STARTTLS',
  capabilities: MESSAGE_CAPABILITIES,
  settings: MailSettings,
  open: (id, settings, context) => new MessageActuator(id, 'mail', new MailMeans(settings, context)),
};

class MailMeans implements MessageMeans {
  readonly receiver: string;
  readonly #settings: MailSettings;
  readonly #context: ActuatorContext;

  constructor(settings: MailSettings, context: ActuatorContext) {
    this.receiver = settings.to.join(', ');
    this.#settings = settings;
    this.#context = context;
  }

  async send(command: ActuatorCommand, title: string, text: string, _: AbortSignal) {
    const { from, to } = this.#settings;
    const id = `${createHash('sha256').update(command.id).digest('hex').slice(0, 32)}@sphinx.invalid`;
    await this.#with((transport) =>
      transport.sendMail({
        from,
        to,
        subject: title,
        text,
        messageId: `<${id}>`,
        disableFileAccess: true,
        disableUrlAccess: true,
      }),
    );
    return { messageId: id };
  }

  async check(_: AbortSignal): Promise<void> {
    await this.#with((transport) => transport.verify());
  }

  async #with<T>(work: (transport: ReturnType<typeof createTransport>) => Promise<T>): Promise<T> {
    const { host, port, security, authority, user, passwordSecret } = this.#settings;
    const pass = passwordSecret === undefined ? undefined : await secretText(this.#context.secrets, passwordSecret);
    const transport = createTransport({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      connectionTimeout: LIMIT_MS,
      greetingTimeout: LIMIT_MS,
      socketTimeout: LIMIT_MS,
      ...(authority === undefined ? {} : { tls: { ca: authority } }),
      ...(user === undefined || pass === undefined ? {} : { auth: { user, pass } }),
    });
    try {
      return await work(transport);
    } catch (error) {
      throw new ActuatorError(`${host}:${port} did not take the message: ${(error as Error).message}`, {
        isTemporary: true,
        cause: error,
      });
    } finally {
      transport.close();
    }
  }
}
