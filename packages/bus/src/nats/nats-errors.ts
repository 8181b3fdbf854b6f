/** A stream or bucket exists and is not what was asked for, or the server ignored part of it. An operator's task. */
export class BusMisconfigured extends Error {
  override readonly name = 'BusMisconfigured';
  readonly code = 'bus_misconfigured';
}
