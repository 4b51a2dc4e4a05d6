-- Aircraft that fly and are checked for collisions in each frame, through a map of the space that they cross.
local core = require 'core'
local RedBlackTree = require 'red-black-tree'
local Vector = core.Vector

local MIN_X, MIN_Y, MAX_X, MAX_Y, MIN_Z, MAX_Z = 0.0, 0.0, 1000.0, 1000.0, 0.0, 10.0
local PROXIMITY_RADIUS = 1.0
local VOXEL_SIZE = 2.0 * PROXIMITY_RADIUS

local function compareNumbers(a, b)
  if a == b then return 0 end
  if a < b then return -1 end
  return 1
end

local Vector2D = {}
Vector2D.__index = Vector2D

function Vector2D.new(x, y)
  return setmetatable({ x = x, y = y }, Vector2D)
end

function Vector2D:plus(other)
  return Vector2D.new(self.x + other.x, self.y + other.y)
end

function Vector2D:minus(other)
  return Vector2D.new(self.x - other.x, self.y - other.y)
end

function Vector2D:compareTo(other)
  local byX = compareNumbers(self.x, other.x)
  if byX ~= 0 then return byX end
  return compareNumbers(self.y, other.y)
end

local Vector3D = {}
Vector3D.__index = Vector3D

function Vector3D.new(x, y, z)
  return setmetatable({ x = x, y = y, z = z }, Vector3D)
end

function Vector3D:plus(other)
  return Vector3D.new(self.x + other.x, self.y + other.y, self.z + other.z)
end

function Vector3D:minus(other)
  return Vector3D.new(self.x - other.x, self.y - other.y, self.z - other.z)
end

function Vector3D:times(amount)
  return Vector3D.new(self.x * amount, self.y * amount, self.z * amount)
end

function Vector3D:dot(other)
  return self.x * other.x + self.y * other.y + self.z * other.z
end

function Vector3D:squaredMagnitude()
  return self:dot(self)
end

function Vector3D:magnitude()
  return math.sqrt(self:squaredMagnitude())
end

-- Aircraft

local CallSign = {}
CallSign.__index = CallSign

function CallSign.new(value)
  return setmetatable({ value = value }, CallSign)
end

function CallSign:compareTo(other)
  return compareNumbers(self.value, other.value)
end

local function simulate(callsigns, time)
  local frame = Vector.new()
  for i = 0, callsigns:size() - 1, 2 do
    local y = i * 3
    frame:append({ callsign = callsigns:at(i + 1), position = Vector3D.new(time, math.cos(time) * 2 + y, 10.0) })
    frame:append({ callsign = callsigns:at(i + 2), position = Vector3D.new(time, math.sin(time) * 2 + y, 10.0) })
  end
  return frame
end

local Motion = {}
Motion.__index = Motion

function Motion.new(callsign, from, to)
  return setmetatable({ callsign = callsign, from = from, to = to }, Motion)
end

function Motion:delta()
  return self.to:minus(self.from)
end

-- Whether the times from `low` to `high` have any in common with those from 0 to 1.
local function meetsTime(low, high)
  return (low <= 1 and high >= 1) or (low <= 0 and high >= 0) or (low >= 0 and high <= 1)
end

-- Where this comes too near to the other, or nil.
function Motion:findIntersection(other)
  local radius = PROXIMITY_RADIUS
  local from1, from2 = self.from, other.from
  local vec1, vec2 = self:delta(), other:delta()

  -- The distance is a parabola over the time, which goes from 0 to 1.
  local a = vec2:minus(vec1):squaredMagnitude()
  if a == 0 then
    -- Both move alike.
    if from2:minus(from1):magnitude() <= radius then return from1:plus(from2):times(0.5) end
    return nil
  end
  local b = 2 * from1:minus(from2):dot(vec1:minus(vec2))
  local c = -radius * radius + from2:minus(from1):squaredMagnitude()
  local discriminant = b * b - 4 * a * c
  if discriminant < 0 then return nil end
  local v1 = (-b - math.sqrt(discriminant)) / (2 * a)
  local v2 = (-b + math.sqrt(discriminant)) / (2 * a)
  if v1 <= v2 and meetsTime(v1, v2) then
    local v = math.max(v1, 0.0)
    local at1 = from1:plus(vec1:times(v))
    local at2 = from2:plus(vec2:times(v))
    local at = at1:plus(at2):times(0.5)
    if at.x >= MIN_X and at.x <= MAX_X and at.y >= MIN_Y and at.y <= MAX_Y and at.z >= MIN_Z and at.z <= MAX_Z then
      return at
    end
  end
  return nil
end

-- Detection

local horizontal = Vector2D.new(VOXEL_SIZE, 0.0)
local vertical = Vector2D.new(0.0, VOXEL_SIZE)

local function timesIn(begin, from, v)
  local radius = PROXIMITY_RADIUS / 2
  local low = (begin - radius - from) / v
  local high = (begin + VOXEL_SIZE + radius - from) / v
  if v < 0 then return high, low end
  return low, high
end

local function restsIn(begin, from)
  local radius = PROXIMITY_RADIUS / 2
  return begin <= from + radius and from - radius <= begin + VOXEL_SIZE
end

local function isInVoxel(voxel, motion)
  if voxel.x > MAX_X or voxel.x < MIN_X or voxel.y > MAX_Y or voxel.y < MIN_Y then return false end
  local x0, xv = motion.from.x, motion.to.x - motion.from.x
  local y0, yv = motion.from.y, motion.to.y - motion.from.y
  local lowX, highX = timesIn(voxel.x, x0, xv)
  local lowY, highY = timesIn(voxel.y, y0, yv)
  return ((xv == 0 and restsIn(voxel.x, x0)) or meetsTime(lowX, highX))
    and ((yv == 0 and restsIn(voxel.y, y0)) or meetsTime(lowY, highY))
    and (xv == 0 or yv == 0
      or (lowY <= highX and highX <= highY)
      or (lowY <= lowX and lowX <= highY)
      or (lowX <= lowY and highY <= highX))
end

local function putIntoMap(voxels, voxel, motion)
  local motions = voxels:get(voxel)
  if not motions then
    motions = Vector.new()
    voxels:put(voxel, motions)
  end
  motions:append(motion)
end

local function recurse(voxels, seen, voxel, motion)
  if not isInVoxel(voxel, motion) then return end
  if seen:put(voxel, true) then return end
  putIntoMap(voxels, voxel, motion)
  recurse(voxels, seen, voxel:minus(horizontal), motion)
  recurse(voxels, seen, voxel:plus(horizontal), motion)
  recurse(voxels, seen, voxel:minus(vertical), motion)
  recurse(voxels, seen, voxel:plus(vertical), motion)
  recurse(voxels, seen, voxel:minus(horizontal):minus(vertical), motion)
  recurse(voxels, seen, voxel:minus(horizontal):plus(vertical), motion)
  recurse(voxels, seen, voxel:plus(horizontal):minus(vertical), motion)
  recurse(voxels, seen, voxel:plus(horizontal):plus(vertical), motion)
end

local function towardsZero(x)
  if x < 0 then return math.ceil(x) end
  return math.floor(x)
end

local function voxelOf(position)
  local x = VOXEL_SIZE * towardsZero(position.x / VOXEL_SIZE)
  local y = VOXEL_SIZE * towardsZero(position.y / VOXEL_SIZE)
  if position.x < 0 then x = x - VOXEL_SIZE end
  if position.y < 0 then y = y - VOXEL_SIZE end
  return Vector2D.new(x, y)
end

-- The motions that cross a voxel together.
local function reduceCollisionSet(motions)
  local voxels, result = RedBlackTree.new(), Vector.new()
  motions:forEach(function(motion)
    recurse(voxels, RedBlackTree.new(), voxelOf(motion.from), motion)
  end)
  voxels:forEach(function(entry)
    if entry.value:size() > 1 then result:append(entry.value) end
  end)
  return result
end

local function handleNewFrame(state, frame)
  local motions, seen = Vector.new(), RedBlackTree.new()
  frame:forEach(function(aircraft)
    local old = state:put(aircraft.callsign, aircraft.position)
    seen:put(aircraft.callsign, true)
    motions:append(Motion.new(aircraft.callsign, old or aircraft.position, aircraft.position))
  end)

  -- Aircraft that are gone.
  local gone = Vector.new()
  state:forEach(function(entry)
    if not seen:get(entry.key) then gone:append(entry.key) end
  end)
  gone:forEach(function(callsign) state:remove(callsign) end)

  local collisions = Vector.new()
  reduceCollisionSet(motions):forEach(function(group)
    for i = 1, group:size() do
      local a = group:at(i)
      for j = i + 1, group:size() do
        local b = group:at(j)
        local at = a:findIntersection(b)
        if at then collisions:append({ a = a.callsign, b = b.callsign, position = at }) end
      end
    end
  end)
  return collisions
end

-- The collisions in 200 frames.
function run(aircraft)
  local callsigns, state, sum = Vector.new(), RedBlackTree.new(), 0
  for i = 0, aircraft - 1 do callsigns:append(CallSign.new(i)) end
  for i = 0, 199 do sum = sum + handleNewFrame(state, simulate(callsigns, i / 10)):size() end
  return sum
end
