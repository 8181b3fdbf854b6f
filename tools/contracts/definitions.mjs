// The message definitions of proto/, as the generators need them.
import path from 'node:path';
import protobuf from 'protobufjs';

/** Kinds of scalar that the contracts allow: TypeScript type, check, and what its writer and reader are called. */
const SCALARS = {
  string: { ts: 'string', check: 'text', codec: 'Text', wire: 2 },
  bool: { ts: 'boolean', check: 'flag', codec: 'Flag', wire: 0 },
  double: { ts: 'number', check: 'finite', codec: 'Double', wire: 1 },
  int32: { ts: 'number', check: 'int32', codec: 'Int32', wire: 0 },
  sint32: { ts: 'number', check: 'int32', codec: 'Sint32', wire: 0 },
  uint32: { ts: 'number', check: 'uint32', codec: 'Uint32', wire: 0 },
  int64: { ts: 'number', check: 'int64', codec: 'Int64', wire: 0 },
};

const WIRE_OF_BYTES = 2;

/** All messages and enums, with the fields of each message in the order of their numbers. */
export function loadDefinitions(protoRoot, files) {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => path.join(protoRoot, target);
  root.loadSync(files, { keepCase: true });
  root.resolveAll();
  const all = root.lookup('bellwether.v1').nestedArray;
  return {
    enums: all.filter((item) => item instanceof protobuf.Enum).map(enumOf),
    messages: all.filter((item) => item instanceof protobuf.Type).map(messageOf),
  };
}

/** The generated names are those of the .proto files without the enum's own, so that one name serves everywhere. */
const upperSnake = (name) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();

function enumOf(item) {
  const prefix = `${upperSnake(item.name)}_`;
  const members = Object.entries(item.values).map(([name, value]) => {
    if (!name.startsWith(prefix)) throw new Error(`${item.name}.${name}: Expected the prefix ${prefix}`);
    return { name: name.slice(prefix.length), value };
  });
  return { name: item.name, members };
}

function messageOf(type) {
  const fields = [...type.fieldsArray].sort((a, b) => a.id - b.id);
  if (fields.some((field) => field.map)) throw new Error(`${type.name}: Map fields have no fixed order`);
  const oneofs = type.oneofsArray
    .filter((group) => !group.isProto3Optional)
    .map((group) => ({ name: group.name, members: group.fieldsArray.map((field) => field.name) }));
  return { name: type.name, fields: fields.map((field) => fieldOf(type, field)), oneofs };
}

function fieldOf(type, field) {
  const resolved = field.resolvedType;
  const message = resolved instanceof protobuf.Type ? resolved.name : null;
  const named = resolved instanceof protobuf.Enum ? resolved.name : null;
  const scalar = message === null && named === null ? SCALARS[field.type] : null;
  if (scalar === undefined) {
    throw new Error(`${field.fullName}: Type ${field.type} is not allowed in the contracts`);
  }
  const packed = field.repeated && message === null && field.type !== 'string';
  const wire = message !== null || packed ? WIRE_OF_BYTES : (scalar?.wire ?? 0);
  return {
    name: field.name,
    at: `${type.name}.${field.name}`,
    tag: field.id * 8 + wire,
    repeated: field.repeated === true,
    packed,
    /** May be null: explicit presence, member of a oneof, or a message. */
    optional: !field.repeated && Boolean(field.options?.proto3_optional || field.partOf || message),
    message,
    enum: named,
    scalar,
    ts: message ?? named ?? scalar.ts,
  };
}
