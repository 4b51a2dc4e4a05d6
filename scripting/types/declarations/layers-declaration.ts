/** `(deflayers (ground) (actors :sort :y) (ui :camera :screen))`: what a program's sprites are drawn in, back to front. */
import type { LayerBlend, LayerEntry } from '../../image/index.ts';
import { type Form, type ListForm, nearest, print } from '../../syntax/index.ts';
import type { Inference } from '../solving/index.ts';
import type { Declarations } from './declarations.ts';

const SHAPE = '(deflayers (ground) (actors :sort :y) (ui :camera :screen))';
/** A layer is a mesh and a container: more of them than anybody tells apart would only cost. */
const MOST_LAYERS = 64;
const BLENDS: readonly LayerBlend[] = ['normal', 'add', 'multiply', 'screen'];
const OPTIONS = ['sort', 'blend', 'camera'];

type Options = { -readonly [K in keyof LayerEntry]: LayerEntry[K] };

export function declareLayers({ cx }: Declarations, form: ListForm): void {
  const [, ...items] = form.items;
  if (cx.layers !== undefined) {
    cx.error('duplicate-definition', form, 'the layers are there already: a program has one `deflayers`', {
      notes: [{ message: 'this is the other one', span: cx.layers.span }],
    });
    return;
  }
  if (items.length === 0) cx.malformed(form, 'deflayers', SHAPE);
  if (items.length > MOST_LAYERS)
    cx.error('bad-form', form, `there are ${items.length} layers, and at most ${MOST_LAYERS} are possible`);
  const layers: LayerEntry[] = [];
  for (const item of items) {
    const layer = layerFrom(cx, item);
    if (layer === undefined) continue;
    if (layers.some(({ name }) => name === layer.name))
      cx.error('duplicate-definition', item, `there are two layers called \`${layer.name}\``);
    else layers.push(layer);
  }
  cx.layers = { entries: layers, span: form.span };
}

function layerFrom(cx: Inference, item: Form): LayerEntry | undefined {
  const [name, ...options] = item.kind === 'list' ? item.items : [item];
  if (name?.kind !== 'symbol' || options.length % 2 === 1) {
    cx.malformed(item, 'deflayers', SHAPE);
    return undefined;
  }
  const layer: Options = { name: name.name, sort: 'order', blend: 'normal', camera: 1 };
  for (let i = 0; i + 1 < options.length; i += 2)
    readOption(cx, layer, options[i] as Form, options[i + 1] as Form);
  return layer;
}

function readOption(cx: Inference, layer: Options, key: Form, value: Form): void {
  const word = value.kind === 'keyword' ? value.name : undefined;
  const expect = (what: string): void =>
    cx.error('bad-form', value, `\`${print(key)}\` of a layer is ${what}, not \`${print(value)}\``);
  switch (key.kind === 'keyword' ? key.name : undefined) {
    case 'sort':
      if (word === 'y' || word === 'order') layer.sort = word;
      else expect('`:y`, by how far down a sprite is, or `:order`, as they come');
      return;
    case 'blend': {
      const blend = BLENDS.find((known) => known === word);
      if (blend === undefined) expect(BLENDS.map((known) => `\`:${known}\``).join(', '));
      else layer.blend = blend;
      return;
    }
    case 'camera':
      if (word === 'world') layer.camera = 1;
      else if (word === 'screen') layer.camera = 0;
      else if (value.kind === 'float' || value.kind === 'integer') layer.camera = Number(value.value);
      else expect('`:world`, `:screen`, or a number: how far it follows the camera');
      return;
    default: {
      const near = key.kind === 'keyword' ? nearest(key.name, OPTIONS) : undefined;
      cx.error('bad-form', key, `a layer has no \`${print(key)}\``, {
        hint: near === undefined ? 'it has `:sort`, `:blend` and `:camera`' : `did you mean \`:${near}\`?`,
      });
    }
  }
}
