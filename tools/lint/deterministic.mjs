/**
 * ESLint rule `bellwether/deterministic`: what a stage may not do (docs: architecture, section 9). The result of pure
 * code depends on its arguments alone, so it may use no clock, random source, timer, environment or I/O, and no order
 * that nobody fixed.
 *
 * Globals are a closed list: what is not known to be deterministic is refused, also what a later Node adds. An alias is
 * refused where it is made: `globalThis`, `Math` or `Object` as a value, `const { random } = Math`.
 */

const ALLOWED_GLOBALS = new Set(
  `Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Error EvalError Float32Array Float64Array
  Infinity Int16Array Int32Array Int8Array JSON Map Math NaN Number Object Promise RangeError ReferenceError Reflect
  RegExp Set String Symbol SyntaxError TextDecoder TextEncoder TypeError Uint16Array Uint32Array Uint8Array
  Uint8ClampedArray WeakMap WeakSet isFinite isNaN parseFloat parseInt structuredClone undefined`.split(
    /\s+/,
  ),
);

/** Which message explains the refusal of a global; any other has `unknownGlobal`. */
const GLOBAL_MESSAGES = new Map([
  ...entries('clock', 'Date performance Temporal'),
  ...entries('random', 'crypto Crypto'),
  ...entries(
    'timer',
    'setTimeout setInterval setImmediate queueMicrotask requestAnimationFrame AbortSignal scheduler',
  ),
  ...entries('environment', 'process Intl navigator localStorage sessionStorage __dirname __filename'),
  ...entries(
    'io',
    'fetch console require module WebSocket EventSource XMLHttpRequest Worker MessageChannel BroadcastChannel',
  ),
  ...entries('alias', 'globalThis global self window eval Function'),
]);

/** Members refused on an allowed global. */
const MEMBERS = new Map([
  ['Math', new Map(entries('random', 'random'))],
  [
    'Object',
    new Map(
      entries(
        'order',
        'keys values entries getOwnPropertyNames getOwnPropertySymbols getOwnPropertyDescriptors',
      ),
    ),
  ],
  ['Reflect', new Map(entries('order', 'ownKeys'))],
]);

/** Methods of any value that answer in the language of the machine. */
const LOCALE_METHOD = /^(localeCompare|toLocale[A-Z]\w*)$/;

function entries(messageId, names) {
  return names.split(' ').map((name) => [name, messageId]);
}

/** The name in `x.name`, `x['name']`, `{ name }` or `{ 'name': y }`; null where it is computed. */
function staticName(node, key) {
  if (!node.computed && key.type === 'Identifier') return key.name;
  if (key.type === 'Literal') return String(key.value);
  if (key.type === 'TemplateLiteral' && key.expressions.length === 0) return key.quasis[0].value.cooked;
  return null;
}

/** The object pattern that takes a value apart right where it is named (`const { a } = Math`), or null. */
function patternOf(identifier) {
  const parent = identifier.parent;
  if (parent.type === 'VariableDeclarator' && parent.init === identifier) return parent.id;
  if (parent.type === 'AssignmentExpression' && parent.right === identifier) return parent.left;
  return null;
}

export const deterministic = {
  meta: {
    type: 'problem',
    docs: { description: 'Refuses in pure code whatever can differ from one run to the next.' },
    schema: [
      {
        type: 'object',
        properties: { imports: { type: 'array', items: { type: 'string' } } },
        required: ['imports'],
        additionalProperties: false,
      },
    ],
    messages: {
      clock: 'Pure code reads no clock ({{name}}): take the time from the frame.',
      random: 'Pure code draws no random numbers ({{name}}): use the seeded ones of @bellwether/kernel.',
      timer: 'Pure code sets no timers ({{name}}): time comes as entries.',
      environment:
        'Pure code does not look at its environment ({{name}}): configuration comes in a release entry.',
      io: 'Pure code does no I/O ({{name}}).',
      order:
        'The order of the keys is not fixed ({{name}}): use an array, or a Map filled in a written order.',
      alias: '{{name}} as a value would hide what is used of it: name the member where it is used.',
      unknownGlobal: '{{name}} is not on the list of deterministic globals in tools/lint/deterministic.mjs.',
      impureImport: "Pure code imports only pure packages and its own files, not '{{name}}'.",
      declared: 'Pure code declares no outside names ({{name}}).',
    },
  },

  create(context) {
    const imports = new Set(context.options[0].imports);
    const report = (node, messageId, name) => context.report({ node, messageId, data: { name } });

    function checkSource(node) {
      const source = node.source?.value;
      if (
        node.source == null ||
        (typeof source === 'string' && (source.startsWith('.') || imports.has(source)))
      )
        return;
      report(
        node,
        'impureImport',
        typeof source === 'string' ? source : context.sourceCode.getText(node.source),
      );
    }

    function checkGlobal(identifier) {
      const name = identifier.name;
      if (!ALLOWED_GLOBALS.has(name)) {
        report(identifier, GLOBAL_MESSAGES.get(name) ?? 'unknownGlobal', name);
        return;
      }
      const refused = MEMBERS.get(name);
      if (refused) checkMembers(identifier, refused);
    }

    function checkMembers(identifier, refused) {
      const parent = identifier.parent;
      if (parent.type === 'MemberExpression' && parent.object === identifier) {
        checkMember(parent, identifier, staticName(parent, parent.property), refused);
        return;
      }
      const pattern = patternOf(identifier);
      if (pattern?.type !== 'ObjectPattern') {
        report(identifier, 'alias', identifier.name);
        return;
      }
      for (const property of pattern.properties) {
        const member = property.type === 'Property' ? staticName(property, property.key) : null;
        checkMember(property, identifier, member, refused);
      }
    }

    function checkMember(node, identifier, member, refused) {
      if (member === null) report(node, 'alias', identifier.name);
      else if (refused.has(member)) report(node, refused.get(member), `${identifier.name}.${member}`);
    }

    return {
      ImportDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ImportExpression: checkSource,
      TSImportEqualsDeclaration: (node) =>
        report(node, 'impureImport', context.sourceCode.getText(node.moduleReference)),
      ForInStatement: (node) => report(node, 'order', 'for…in'),
      MetaProperty(node) {
        if (node.meta.name === 'import') report(node, 'environment', 'import.meta');
      },
      MemberExpression(node) {
        const name = staticName(node, node.property);
        if (name !== null && LOCALE_METHOD.test(name)) report(node, 'environment', name);
      },
      'VariableDeclaration[declare=true], TSDeclareFunction[declare=true], ClassDeclaration[declare=true]'(
        node,
      ) {
        report(node, 'declared', context.sourceCode.getText(node).slice(0, 40));
      },
      'Program:exit'() {
        for (const scope of context.sourceCode.scopeManager.scopes) {
          for (const reference of scope.references) {
            const { resolved } = reference;
            const isGlobal =
              resolved === null || (resolved.scope.type === 'global' && resolved.defs.length === 0);
            // A name used only as a type leaves no code behind.
            if (isGlobal && reference.isValueReference !== false) checkGlobal(reference.identifier);
          }
        }
      },
    };
  },
};
