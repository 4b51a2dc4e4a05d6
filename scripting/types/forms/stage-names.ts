/** What `sluice.stage` calls by name: pictures and animations by texts, layers by keywords. All are checked when the script is compiled. */
import { framesOf } from '../../image/index.ts';
import { type Form, nearest } from '../../syntax/index.ts';
import { prune, simple, type Type, type TypedExpression } from '../model/index.ts';
import type { Inference } from '../solving/index.ts';

const REGION = 'sluice.stage.Region';
const FRAMES = 'sluice.stage.Frames';
const LAYER = 'sluice.stage.Layer';

function isWanted(expected: Type | undefined, key: string): expected is Type & { readonly kind: 'named' } {
  return expected?.kind === 'named' && expected.definition.key === key;
}

/** `"ball.png"` where a `Region` is expected, `"hero/run"` where `Frames` are; undefined where something else is. */
export function picture(
  cx: Inference,
  form: Form & { readonly kind: 'string' },
  expected: Type | undefined,
): TypedExpression | undefined {
  const type = expected === undefined ? undefined : prune(expected);
  if (isWanted(type, FRAMES)) return frames(cx, form, type);
  if (!isWanted(type, REGION)) return undefined;
  const { value, span } = form;
  if (cx.images !== undefined && !cx.images.has(value)) {
    const near = nearest(value, cx.images);
    const others = cx.images.size === 0 ? 'the game has no pictures' : `there is no picture "${value}"`;
    cx.error('unknown-picture', form, others, {
      hint:
        near === undefined
          ? 'pictures are PNG files in the folder `images` beside the main script, named by their path in it'
          : `did you mean "${near}"?`,
    });
  }
  return { kind: 'picture', name: value, as: 'region', type, span };
}

function frames(cx: Inference, form: Form & { readonly kind: 'string' }, type: Type): TypedExpression {
  const { value, span } = form;
  if (cx.images !== undefined && framesOf(value, cx.images).length === 0)
    cx.error('unknown-picture', form, `there is no animation "${value}"`, {
      hint: `its pictures would be "${value}-1.png", "${value}-2.png" and so on, in the folder \`images\``,
    });
  return { kind: 'picture', name: value, as: 'frames', type, span };
}

/** `:ui` where a `Layer` is expected; undefined where something else is. */
export function layer(
  cx: Inference,
  form: Form & { readonly kind: 'keyword' },
  expected: Type | undefined,
): TypedExpression | undefined {
  const type = expected === undefined ? undefined : prune(expected);
  if (!isWanted(type, LAYER)) return undefined;
  const { name, span } = form;
  const names = (cx.layers?.entries ?? []).map((entry) => entry.name);
  const number = names.indexOf(name);
  if (number < 0) {
    const near = nearest(name, names);
    const all = names.map((known) => `\`:${known}\``).join(', ');
    cx.error('unknown-name', form, `there is no layer \`:${name}\``, {
      hint:
        near !== undefined
          ? `did you mean \`:${near}\`?`
          : names.length === 0
            ? `\`(deflayers (ground) (${name}))\` at top level declares it`
            : `there are ${all}`,
    });
  }
  const field: TypedExpression = {
    kind: 'integer',
    value: BigInt(Math.max(number, 0)),
    type: simple('i32'),
    span,
  };
  return { kind: 'construct', definition: type.definition, fields: [field], type, span };
}
