// Removes what the compiler left behind: output of sources that were renamed or deleted (Jest would go on running such
// tests), and the build record of a project whose output folder was deleted (tsc would take it for up to date).
import fs from 'node:fs';
import path from 'node:path';

const OUTPUT = /(\.d\.ts|\.js|\.d\.ts\.map|\.js\.map)$/;
const SOURCE_ENDINGS = ['.ts', '.js', '.d.ts'];

/** Number of files removed below `root`. */
export function removeStaleOutput(root) {
  let removed = 0;
  for (const { sources, output, record } of projects(root)) {
    if (!fs.existsSync(output)) {
      fs.rmSync(record, { force: true });
      continue;
    }
    for (const name of fs.readdirSync(output, { recursive: true })) {
      const stem = name.replace(OUTPUT, '');
      if (stem === name || SOURCE_ENDINGS.some((ending) => fs.existsSync(path.join(sources, stem + ending))))
        continue;
      fs.rmSync(path.join(output, name));
      removed += 1;
    }
  }
  return removed;
}

function projects(root) {
  const inside = ['packages', 'services'].flatMap((folder) =>
    fs.readdirSync(path.join(root, folder)).map((name) => path.join(folder, name)),
  );
  const described = [...inside, 'test'].filter((folder) =>
    fs.existsSync(path.join(root, folder, 'tsconfig.json')),
  );
  return described.map((folder) => ({
    sources: path.join(root, folder, folder === 'test' ? '' : 'src'),
    output: path.join(root, folder, 'dist'),
    record: path.join(root, folder, 'tsconfig.tsbuildinfo'),
  }));
}
