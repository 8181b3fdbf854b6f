import { loadOrCreateKey, type SigningKey } from '@bellwether/signing';

export {
  keyId,
  newPrivatePem,
  publicPemOf,
  readPublicKey,
  signingKeyOf as auditKeyOf,
  type SigningKey as AuditKey,
} from '@bellwether/signing';

/** The key that signs an audit log's heads, in a folder that is not the log's; made where there is none. */
export function loadOrCreateAuditKey(folder: string): Promise<SigningKey> {
  return loadOrCreateKey(folder, 'audit-key');
}
