import path from 'node:path';
import { ESLint } from 'eslint';

export const root = path.resolve(import.meta.dirname, '../..');

/** What a rule says of one piece of source: `messageId` of each message, or its text where the rule has no ids. */
export type LintSource = (source: string, file: string) => Promise<string[]>;

/**
 * Lints pieces of source with the repository's own configuration, as if they stood in a file of that name, and reports
 * one rule. Only rules without types: the files exist nowhere, so nothing knows theirs.
 */
export function lintingWith(rule: string): LintSource {
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    ruleFilter: ({ ruleId }) => ruleId === rule,
  });
  return async (source, file) => {
    const [result] = await eslint.lintText(source, { filePath: path.join(root, file) });
    return (result?.messages ?? []).map((message) => message.messageId ?? message.message);
  };
}
