/** What is used of WebAssembly: the compiler's library declares it for browsers only. */
declare namespace WebAssembly {
  interface Module {
    readonly module?: never;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  const Module: new (bytes: Uint8Array) => Module;
  const Instance: new (module: Module) => { readonly exports: object };
}
