/**
 * protobufjs decodes int64 to `Long` objects unless its Long support is off when a generated module is loaded.
 * Imported before the generated codec, so that times are plain numbers, exact to 2^53 - 1.
 */
import protobuf from 'protobufjs/minimal.js';

(protobuf.util as { Long: unknown }).Long = null;
protobuf.configure();
