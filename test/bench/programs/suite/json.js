// Reads JSON, letter by letter.
import { Vector } from './core.js';

class JsonValue {
  isObject() {
    return false;
  }

  isArray() {
    return false;
  }
}

class JsonLiteral extends JsonValue {
  constructor(value) {
    super();
    this.value = value;
  }
}

const NULL = new JsonLiteral('null');
const TRUE = new JsonLiteral('true');
const FALSE = new JsonLiteral('false');

class JsonNumber extends JsonValue {
  constructor(text) {
    super();
    this.text = text;
  }
}

class JsonString extends JsonValue {
  constructor(text) {
    super();
    this.text = text;
  }
}

class JsonArray extends JsonValue {
  constructor() {
    super();
    this.values = new Vector();
  }

  add(value) {
    this.values.append(value);
  }

  isArray() {
    return true;
  }
}

/** Where a name probably stands among those of an object: a byte for each of 32 slots. */
class HashIndexTable {
  constructor() {
    this.slots = new Array(32).fill(0);
  }

  add(name, index) {
    this.slots[this.slotOf(name)] = index < 0xff ? index + 1 : 0;
  }

  get(name) {
    return this.slots[this.slotOf(name)] - 1;
  }

  slotOf(name) {
    return (name.length * 1402589) & (this.slots.length - 1);
  }
}

class JsonObject extends JsonValue {
  constructor() {
    super();
    this.names = new Vector();
    this.values = new Vector();
    this.table = new HashIndexTable();
  }

  add(name, value) {
    this.table.add(name, this.names.size());
    this.names.append(name);
    this.values.append(value);
  }

  get(name) {
    const index = this.indexOf(name);
    return index === -1 ? null : this.values.at(index);
  }

  indexOf(name) {
    const index = this.table.get(name);
    if (index !== -1 && this.names.at(index) === name) return index;
    for (let i = this.names.size() - 1; i >= 0; i--) if (this.names.at(i) === name) return i;
    return -1;
  }

  isObject() {
    return true;
  }
}

class JsonParser {
  constructor(input) {
    this.input = input;
    this.index = -1;
    this.line = 1;
    this.column = 0;
    this.current = null;
    this.captured = '';
    this.captureStart = -1;
  }

  parse() {
    this.read();
    this.skipWhiteSpace();
    const result = this.readValue();
    this.skipWhiteSpace();
    if (this.current !== null) throw this.expected('the end of the text');
    return result;
  }

  readValue() {
    switch (this.current) {
      case 'n':
        return this.readLiteral('null', NULL);
      case 't':
        return this.readLiteral('true', TRUE);
      case 'f':
        return this.readLiteral('false', FALSE);
      case '"':
        return new JsonString(this.readText());
      case '[':
        return this.readArray();
      case '{':
        return this.readObject();
      case '-':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9':
        return this.readNumber();
      default:
        throw this.expected('a value');
    }
  }

  readArray() {
    this.read();
    const array = new JsonArray();
    this.skipWhiteSpace();
    if (this.readChar(']')) return array;
    do {
      this.skipWhiteSpace();
      array.add(this.readValue());
      this.skipWhiteSpace();
    } while (this.readChar(','));
    this.require(']');
    return array;
  }

  readObject() {
    this.read();
    const object = new JsonObject();
    this.skipWhiteSpace();
    if (this.readChar('}')) return object;
    do {
      this.skipWhiteSpace();
      const name = this.readName();
      this.skipWhiteSpace();
      this.require(':');
      this.skipWhiteSpace();
      object.add(name, this.readValue());
      this.skipWhiteSpace();
    } while (this.readChar(','));
    this.require('}');
    return object;
  }

  readName() {
    if (this.current !== '"') throw this.expected('a name');
    return this.readText();
  }

  readLiteral(word, value) {
    for (let i = 0; i < word.length; i++) this.require(word.charAt(i));
    return value;
  }

  readText() {
    this.read();
    this.startCapture();
    while (this.current !== '"') {
      if (this.current === null) throw this.expected('the end of the string');
      if (this.current === '\\') {
        this.pauseCapture();
        this.readEscape();
        this.startCapture();
      } else {
        this.read();
      }
    }
    const text = this.endCapture();
    this.read();
    return text;
  }

  readEscape() {
    this.read();
    switch (this.current) {
      case '"':
      case '/':
      case '\\':
        this.captured += this.current;
        break;
      case 'b':
        this.captured += '\b';
        break;
      case 'f':
        this.captured += '\f';
        break;
      case 'n':
        this.captured += '\n';
        break;
      case 'r':
        this.captured += '\r';
        break;
      case 't':
        this.captured += '\t';
        break;
      default:
        throw this.expected('a valid escape');
    }
    this.read();
  }

  readNumber() {
    this.startCapture();
    this.readChar('-');
    const first = this.current;
    if (!this.readDigit()) throw this.expected('a digit');
    if (first !== '0') this.readDigits();
    if (this.readChar('.')) {
      if (!this.readDigit()) throw this.expected('a digit');
      this.readDigits();
    }
    if (this.readChar('e') || this.readChar('E')) {
      if (!this.readChar('+')) this.readChar('-');
      if (!this.readDigit()) throw this.expected('a digit');
      this.readDigits();
    }
    return new JsonNumber(this.endCapture());
  }

  readDigits() {
    while (this.readDigit());
  }

  readDigit() {
    if (!this.isDigit()) return false;
    this.read();
    return true;
  }

  readChar(char) {
    if (this.current !== char) return false;
    this.read();
    return true;
  }

  require(char) {
    if (!this.readChar(char)) throw this.expected(`'${char}'`);
  }

  skipWhiteSpace() {
    while (this.isWhiteSpace()) this.read();
  }

  read() {
    if (this.current === '\n') {
      this.line += 1;
      this.column = 0;
    }
    this.index += 1;
    this.column += 1;
    this.current = this.index < this.input.length ? this.input.charAt(this.index) : null;
  }

  startCapture() {
    this.captureStart = this.index;
  }

  pauseCapture() {
    this.captured += this.input.substring(this.captureStart, this.index);
    this.captureStart = -1;
  }

  endCapture() {
    if (this.captured === '') return this.input.substring(this.captureStart, this.index);
    this.pauseCapture();
    const text = this.captured;
    this.captured = '';
    return text;
  }

  isWhiteSpace() {
    const { current } = this;
    return current === ' ' || current === '\t' || current === '\n' || current === '\r';
  }

  isDigit() {
    const { current } = this;
    return (
      current === '0' ||
      current === '1' ||
      current === '2' ||
      current === '3' ||
      current === '4' ||
      current === '5' ||
      current === '6' ||
      current === '7' ||
      current === '8' ||
      current === '9'
    );
  }

  expected(what) {
    return new Error(`line ${this.line}, column ${this.column}: expected ${what}`);
  }
}

let text = '';

export function prepare(document) {
  text = document;
}

/** The operations read in all. */
export function run(times) {
  let sum = 0;
  for (let i = 0; i < times; i++) {
    const message = new JsonParser(text).parse();
    if (!message.isObject() || !message.get('head').isObject()) throw new Error('the message has no head');
    const operations = message.get('operations');
    if (!operations.isArray()) throw new Error('the message has no operations');
    sum += operations.values.size();
  }
  return sum;
}
