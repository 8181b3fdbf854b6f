// Jest gives each test file its own set of built-ins. Native modules and Node itself hand out the outer ones, so that
// `instanceof` would fail on a typed array that came from them. This hands the outer ones to the tests.
import { TestEnvironment as NodeEnvironment } from 'jest-environment-node';

export default class OuterTypedArrays extends NodeEnvironment {
  async setup() {
    await super.setup();
    const outer = {
      Float32Array,
      Float64Array,
      BigInt64Array,
      BigUint64Array,
      Int8Array,
      Int16Array,
      Int32Array,
      Uint16Array,
      Uint32Array,
      Error,
    };
    Object.assign(this.global, outer);
  }
}
