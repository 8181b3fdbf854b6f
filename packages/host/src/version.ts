/** Version of this build. A test holds it to the one in the root package.json. */
export const VERSION = '0.1.0';
