-- Reads JSON, letter by letter.
local core = require 'core'
local Vector = core.Vector

-- Where a name probably stands among those of an object: a byte for each of 32 slots.
local HashIndexTable = {}
HashIndexTable.__index = HashIndexTable

function HashIndexTable.new()
  local slots = {}
  for i = 1, 32 do slots[i] = 0 end
  return setmetatable({ slots = slots }, HashIndexTable)
end

function HashIndexTable:add(name, index)
  self.slots[self:slotOf(name)] = index <= 0xff and index or 0
end

-- 0 where there is none.
function HashIndexTable:get(name)
  return self.slots[self:slotOf(name)]
end

function HashIndexTable:slotOf(name)
  return (#name * 1402589 & 31) + 1
end

local function literal(value)
  return { kind = 'literal', value = value }
end

local NULL, TRUE, FALSE = literal('null'), literal('true'), literal('false')

local JsonObject = { kind = 'object' }
JsonObject.__index = JsonObject

function JsonObject.new()
  return setmetatable({ names = Vector.new(), values = Vector.new(), table = HashIndexTable.new() }, JsonObject)
end

function JsonObject:add(name, value)
  self.names:append(name)
  self.values:append(value)
  self.table:add(name, self.names:size())
end

function JsonObject:get(name)
  local index = self.table:get(name)
  if index > 0 and self.names:at(index) == name then return self.values:at(index) end
  for i = self.names:size(), 1, -1 do
    if self.names:at(i) == name then return self.values:at(i) end
  end
  return nil
end

local Parser = {}
Parser.__index = Parser

function Parser.new(input)
  return setmetatable({
    input = input,
    index = 0,
    line = 1,
    column = 0,
    current = nil,
    captured = '',
    captureStart = 0,
  }, Parser)
end

function Parser:fail(what)
  error('line ' .. self.line .. ', column ' .. self.column .. ': expected ' .. what)
end

function Parser:read()
  if self.current == '\n' then
    self.line = self.line + 1
    self.column = 0
  end
  local index = self.index + 1
  self.index = index
  self.column = self.column + 1
  if index <= #self.input then
    self.current = string.sub(self.input, index, index)
  else
    self.current = nil
  end
end

function Parser:readChar(char)
  if self.current ~= char then return false end
  self:read()
  return true
end

function Parser:require(char)
  if not self:readChar(char) then self:fail("'" .. char .. "'") end
end

function Parser:isWhiteSpace()
  local current = self.current
  return current == ' ' or current == '\t' or current == '\n' or current == '\r'
end

function Parser:isDigit()
  local current = self.current
  return current == '0' or current == '1' or current == '2' or current == '3' or current == '4'
    or current == '5' or current == '6' or current == '7' or current == '8' or current == '9'
end

function Parser:skipWhiteSpace()
  while self:isWhiteSpace() do self:read() end
end

function Parser:startCapture()
  self.captureStart = self.index
end

function Parser:pauseCapture()
  self.captured = self.captured .. string.sub(self.input, self.captureStart, self.index - 1)
end

function Parser:endCapture()
  if self.captured == '' then return string.sub(self.input, self.captureStart, self.index - 1) end
  self:pauseCapture()
  local text = self.captured
  self.captured = ''
  return text
end

function Parser:readDigit()
  if not self:isDigit() then return false end
  self:read()
  return true
end

function Parser:readDigits()
  if not self:readDigit() then self:fail('a digit') end
  while self:readDigit() do end
end

function Parser:readNumber()
  self:startCapture()
  self:readChar('-')
  if self.current == '0' then self:read() else self:readDigits() end
  if self:readChar('.') then self:readDigits() end
  if self:readChar('e') or self:readChar('E') then
    if not self:readChar('+') then self:readChar('-') end
    self:readDigits()
  end
  return { kind = 'number', text = self:endCapture() }
end

local ESCAPES = {
  ['"'] = '"', ['/'] = '/', ['\\'] = '\\', b = '\b', f = '\f', n = '\n', r = '\r', t = '\t',
}

function Parser:readEscape()
  self:read()
  self.captured = self.captured .. (ESCAPES[self.current] or self:fail('a valid escape'))
  self:read()
end

function Parser:readText()
  self:read()
  self:startCapture()
  while self.current ~= '"' do
    if not self.current then self:fail('the end of the string') end
    if self.current == '\\' then
      self:pauseCapture()
      self:readEscape()
      self:startCapture()
    else
      self:read()
    end
  end
  local text = self:endCapture()
  self:read()
  return text
end

function Parser:readLiteral(word, value)
  for i = 1, #word do self:require(string.sub(word, i, i)) end
  return value
end

function Parser:readArray()
  self:read()
  local array = { kind = 'array', values = Vector.new() }
  self:skipWhiteSpace()
  if self:readChar(']') then return array end
  repeat
    self:skipWhiteSpace()
    array.values:append(self:readValue())
    self:skipWhiteSpace()
  until not self:readChar(',')
  self:require(']')
  return array
end

function Parser:readObject()
  self:read()
  local object = JsonObject.new()
  self:skipWhiteSpace()
  if self:readChar('}') then return object end
  repeat
    self:skipWhiteSpace()
    if self.current ~= '"' then self:fail('a name') end
    local name = self:readText()
    self:skipWhiteSpace()
    self:require(':')
    self:skipWhiteSpace()
    object:add(name, self:readValue())
    self:skipWhiteSpace()
  until not self:readChar(',')
  self:require('}')
  return object
end

function Parser:readValue()
  local current = self.current
  if current == 'n' then return self:readLiteral('null', NULL) end
  if current == 't' then return self:readLiteral('true', TRUE) end
  if current == 'f' then return self:readLiteral('false', FALSE) end
  if current == '"' then return { kind = 'string', text = self:readText() } end
  if current == '[' then return self:readArray() end
  if current == '{' then return self:readObject() end
  if current == '-' or self:isDigit() then return self:readNumber() end
  self:fail('a value')
end

local function parse(text)
  local parser = Parser.new(text)
  parser:read()
  parser:skipWhiteSpace()
  local result = parser:readValue()
  parser:skipWhiteSpace()
  if parser.current then parser:fail('the end of the text') end
  return result
end

local text = ''

-- Returns how long the text is.
function prepare(document)
  text = document
  return #text
end

-- The operations read in all.
function run(times)
  local sum = 0
  for _ = 1, times do
    local message = parse(text)
    if message.kind ~= 'object' or message:get('head').kind ~= 'object' then error('the message has no head') end
    local operations = message:get('operations')
    if operations.kind ~= 'array' then error('the message has no operations') end
    sum = sum + operations.values:size()
  end
  return sum
end
