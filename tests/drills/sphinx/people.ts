import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import type { ApiClient } from '../../../apps/sphinx/src/client/api-client.ts';
import type { LocalEndpoint } from '../../../apps/sphinx/src/runtime/local-endpoint.ts';

/** Who agrees in the drill: each signs in with a password as people do, and may no more than the role allows. */
const ROLES = [
  'security-officer',
  'clinical-lead',
  'biomedical-engineer',
  'data-protection-officer',
  'it-operator',
] as const;

interface Waiting {
  readonly items: readonly { readonly id: string; readonly title: string; readonly mayApprove: boolean }[];
}

/** The people of the hospital. */
export class People {
  readonly #signedIn: readonly SignedIn[];

  private constructor(signedIn: readonly SignedIn[]) {
    this.#signedIn = signedIn;
  }

  /** @param administrator who makes accounts */
  static async hire(administrator: ApiClient, endpoint: LocalEndpoint): Promise<People> {
    const signedIn = ROLES.map(async (role) => {
      const password = randomBytes(18).toString('base64url');
      const username = `drill-${role}`;
      await administrator.send('POST', '/users', { username, name: `Drill, ${role}`, role, password });
      return SignedIn.open(endpoint, username, password);
    });
    return new People(await Promise.all(signedIn));
  }

  /** Everybody agrees to whatever waits for them. @returns what was agreed to */
  async agree(): Promise<string[]> {
    const agreed: string[] = [];
    for (const person of this.#signedIn) {
      const { items } = await person.send<Waiting>('GET', '/response/approvals?mine=true');
      for (const { id, title } of items.filter(({ mayApprove }) => mayApprove)) {
        await person.send('POST', `/response/approvals/${id}/approve`, { note: 'Drill' });
        agreed.push(title);
      }
    }
    return agreed;
  }
}

/** A person with a session, as a browser has it. */
class SignedIn {
  readonly #endpoint: LocalEndpoint;
  #cookie = '';

  private constructor(endpoint: LocalEndpoint) {
    this.#endpoint = endpoint;
  }

  static async open(endpoint: LocalEndpoint, username: string, password: string): Promise<SignedIn> {
    const person = new SignedIn(endpoint);
    await person.send('POST', '/session', { username, password });
    return person;
  }

  /** @throws Error with what the API answered when it refuses */
  async send<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const { url, certificate } = this.#endpoint;
    const { status, content, cookie } = await new Promise<{ status: number; content: string; cookie: string }>(
      (resolve, reject) => {
        const call = request(
          `${url}/api/v1${path}`,
          {
            method,
            ca: certificate,
            checkServerIdentity: () => undefined,
            headers: { 'content-type': 'application/json', 'x-sphinx-request': '1', cookie: this.#cookie },
          },
          (response) => {
            const given = response.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
            text(response).then(
              (content) => resolve({ status: response.statusCode ?? 0, content, cookie: given }),
              reject,
            );
          },
        );
        call.on('error', reject);
        call.end(body === undefined ? undefined : JSON.stringify(body));
      },
    );
    if (status >= 300) throw new Error(`${method} ${path} answers ${status}: ${content}`);
    if (cookie !== '') this.#cookie = cookie;
    return (content === '' ? undefined : JSON.parse(content)) as Answer;
  }
}
