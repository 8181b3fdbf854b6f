import fs from 'node:fs';
import path from 'node:path';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { deterministic } from './tools/lint/deterministic.mjs';

const root = import.meta.dirname;

/** Packages of pure code (architecture, section 9): the same arguments give the same bytes, on any day, anywhere. */
const PURE_PACKAGES =
  `kernel market indicators streams features regime forecast portfolio strategies bandit sizing risk line statistics verdict news model-slots schedule`.split(
    ' ',
  );
const PURE_FILES = [
  ...PURE_PACKAGES.map((name) => `packages/${name}/src/**/*.ts`),
  'packages/execution/src/paper-broker*.ts',
  // What reads the file is strict about it with zod.
  'packages/evidence/src/{rule,situation,standing,text,update}.ts',
];
const PURE_IMPORTS = ['contracts', ...PURE_PACKAGES].map((name) => `@bellwether/${name}`);

/** A contract suite is the tests of an interface, run by the tests of every package that implements it. */
const TESTS = ['**/*.test.ts', '**/*-contract-suite.ts', 'test/**/*.ts'];
/** Files whose reader, a tool, asks for a default export. */
const TOOL_CONFIG = ['*.config.mjs', 'tools/jest-environment.mjs'];

const FUNCTION_LINES_MAX = 70;

const RESTRICTED_SYNTAX = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name: a name is the same everywhere.' },
  {
    selector: 'TSEnumDeclaration',
    message: 'Enums are declared in proto/; elsewhere use a union of strings.',
  },
  {
    selector: "TSAsExpression > TSAsExpression[typeAnnotation.type='TSUnknownKeyword']",
    message: 'A cast by way of unknown hides an error: check the value instead.',
  },
  {
    selector:
      "TSNonNullExpression > :not(MemberExpression[computed=true], CallExpression[callee.property.name='at'])",
    message:
      '`!` is for array elements whose index is proved; elsewhere use present() of @bellwether/kernel.',
  },
];

/** What a project may import of the others: what its package.json names. No project imports a service. */
function importBoundaries(folder, name) {
  const base = `${folder}/${name}`;
  const manifest = JSON.parse(fs.readFileSync(path.join(root, base, 'package.json'), 'utf8'));
  const known = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const allowed = known.filter((dependency) => /^@bellwether\/(?!service-)/.test(dependency));
  const patterns = [
    {
      regex: `^@bellwether/(?!(${allowed.map((dependency) => dependency.slice('@bellwether/'.length)).join('|')})(/contract-suite|/testing)?$)`,
      message: `${base}/package.json does not name it, it is a service, or it is the inside of a package.`,
    },
    { regex: '(^|/)(packages|services)/', message: 'Import other packages by their name.' },
  ];
  return { files: [`${base}/**/*.ts`], rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

const boundaries = ['packages', 'services'].flatMap((folder) =>
  fs
    .readdirSync(path.join(root, folder))
    .filter((name) => fs.existsSync(path.join(root, folder, name, 'package.json')))
    .map((name) => importBoundaries(folder, name)),
);

export default tseslint.config(
  {
    ignores: [
      ...['**/dist/', '**/node_modules/', 'packages/contracts/src/generated/', 'docs/', '.bellwether/'],
      // AssemblyScript has TypeScript's syntax and other types; its own compiler checks it.
      'packages/nn/assembly/',
    ],
  },
  // Every exception stands in this file, where it is seen.
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
      // `part === null || part.fault !== null` reads better than its optional chain.
      '@typescript-eslint/prefer-optional-chain': 'off',
      // An empty text in a message means none, so `||` says what is meant.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      // TypeScript keeps a narrowing across an await, so this rule would call a second look at `signal.aborted`
      // unnecessary. Pure code awaits nothing, and has it on below.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An async function without await turns what it throws into a rejection, which the Bus interface promises.
      '@typescript-eslint/require-await': 'off',
      // RESTRICTED_SYNTAX says where `!` may stand.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      'max-lines-per-function': [
        'error',
        { max: FUNCTION_LINES_MAX, skipBlankLines: true, skipComments: true },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['Buffer', 'URL', 'clearTimeout', 'console', 'performance', 'process', 'setTimeout'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
  },
  {
    files: ['**/*.ts', '**/*.mjs'],
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', ...RESTRICTED_SYNTAX],
    },
  },
  ...boundaries,
  {
    files: PURE_FILES,
    // Test support may use the test kit, as tests do.
    ignores: ['**/*.test.ts', '**/*-for-tests.ts'],
    plugins: { bellwether: { rules: { deterministic } } },
    rules: {
      'bellwether/deterministic': ['error', { imports: PURE_IMPORTS }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  {
    files: TESTS,
    rules: {
      'max-lines-per-function': 'off',
      // Expectations hold untyped matchers: expect.any, objectContaining.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  { files: TOOL_CONFIG, rules: { 'no-restricted-syntax': 'off' } },
);
