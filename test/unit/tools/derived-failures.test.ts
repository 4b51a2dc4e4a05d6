/** What a trace says where showing, comparing or hashing what leads back to itself does not come to an end. */
import { describe, expect, test } from 'vitest';
import { ScriptError } from '../../../scripting/machine/index.ts';
import { Source } from '../../../scripting/syntax/index.ts';
import { compile } from '../../../scripting/tools/index.ts';
import { MODES, start, thrown } from './script.ts';

const TEXT = `(defstruct Node (mut next : (Option Node)))
(defn circle () : Node
  (let ((node (Node None)))
    (set! (.next node) (Some node))
    node))
(pub defn shown () : String
  (str (circle)))
(pub defn equal () : Bool
  (= (circle) (circle)))
(pub defn hashed () : i64
  (hash (circle)))
`;

describe.each(MODES)('in %s', (mode) => {
  test.each([
    ['shown', 'show of Node', 7],
    ['equal', '= of Node', 9],
    ['hashed', 'hash of Node', 11],
  ])(
    '%s: the trace names the type as the script does, and ends with who began it',
    async (name, inside, line) => {
      const source = new Source('/home/somebody/games/circle.slu', TEXT);
      const { image } = await compile([source], { mode });
      if (image === undefined) throw new Error('the script compiles');
      const { machine } = await start(image);
      const error = thrown(() => machine.call(name));
      if (!(error instanceof ScriptError)) throw error;
      expect(error.message).toBe('the recursion is too deep');
      expect(error.position).toMatchObject({ file: source.name, line });
      expect(error.trace.at(-1)).toMatchObject({ function: name });
      expect(error.printedTrace).toContain(`  at ${inside}`);
      expect(error.printedTrace).not.toMatch(/(=|show|hash|compare) of [^(\n]*games/);
      expect(error.printedTrace.split('\n').length).toBeLessThan(12);
      expect(machine.verify()).toBeUndefined();
    },
  );
});
