export {
  keyId,
  loadOrCreateKey,
  newPrivatePem,
  publicPemOf,
  readPublicKey,
  signingKeyOf,
  type SigningKey,
} from './signing-key.js';
export { canonicalText } from './canonical-text.js';
