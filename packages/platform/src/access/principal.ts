import type { Permission, Role } from './permission.ts';

/** Who asks: a person with a session, a program with a token, SPHINX itself, or nobody yet. */
export interface Principal {
  readonly kind: 'user' | 'token' | 'system' | 'anonymous';
  readonly id: string;
  readonly name: string;
  readonly role?: Role;
  readonly permissions: ReadonlySet<Permission>;
  /** Makers whose devices a vendor may see; absent for people of the house. */
  readonly makers?: readonly string[];
}
