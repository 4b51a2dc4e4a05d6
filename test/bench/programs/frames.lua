-- A world that keeps making garbage: 10,000 entities beside a level that stays. Each frame every entity gets a new
-- position, one in four a contact whose normal sets velocities in a second pass, and some are replaced.

local SIZE, TRAIL_LENGTH = 1000.0, 8
local sqrt = math.sqrt
local entities, level, seed = {}, {}, 42

-- The same sequence in every language: 31 bits of a linear congruence.
local function draw()
  seed = (seed * 1103515245 + 12345) & 2147483647
  return seed
end

local function drawUnit()
  return draw() / 2147483648.0
end

local function newEntity()
  local x = SIZE * drawUnit()
  local y = SIZE * drawUnit()
  local vx = drawUnit() - 0.5
  local vy = drawUnit() - 0.5
  local position = { x = x, y = y }
  local trail = {}
  for i = 1, TRAIL_LENGTH do trail[i] = position end
  return { position = position, vx = vx, vy = vy, hp = 100, trail = trail }
end

function build(count, tiles, width)
  for i = 1, count do entities[i] = newEntity() end
  for i = 0, tiles - 1 do
    local column = i % width
    level[i + 1] = {
      x = column + 0.0, y = i // width + 0.0, height = 0.0, kind = i % 7, cost = 1.0, light = 0.5, variant = i % 3,
      north = i >= width and level[i + 1 - width] or nil,
      west = column > 0 and level[i] or nil,
    }
  end
  -- As a game does: the collector works in the gap, and in the frame only where the host lets it.
  collectgarbage('collect')
  collectgarbage('stop')
end

local function move(time)
  local slot = time % TRAIL_LENGTH + 1
  for i = 1, #entities do
    local e = entities[i]
    local here = e.position
    local x, y = here.x + e.vx, here.y + e.vy
    if x < 0 or x > SIZE then
      e.vx = -e.vx
      x = here.x
    end
    if y < 0 or y > SIZE then
      e.vy = -e.vy
      y = here.y
    end
    e.trail[slot] = here
    e.position = { x = x, y = y }
  end
end

local function findContacts(time)
  local contacts = {}
  for i = time % 4 + 1, #entities, 4 do
    local e = entities[i]
    local dx = e.position.x - 0.5 * SIZE
    local dy = e.position.y - 0.5 * SIZE
    local distance = 0.001 + sqrt(dx * dx + dy * dy)
    contacts[#contacts + 1] = { entity = e, nx = dx / distance, ny = dy / distance }
  end
  return contacts
end

local function resolve(contacts)
  for i = 1, #contacts do
    local c = contacts[i]
    local e = c.entity
    local along = e.vx * c.nx + e.vy * c.ny
    if along < 0 then
      e.vx = e.vx - 0.1 * along * c.nx
      e.vy = e.vy - 0.1 * along * c.ny
      e.hp = e.hp - 1
    end
  end
end

function frame(time)
  move(time)
  resolve(findContacts(time))
  -- One in a hundred.
  for _ = 1, #entities // 100 do
    local index = draw() % #entities + 1
    entities[index] = newEntity()
  end
end

-- One step of the incremental collector: 1 where that finished a cycle. Works while it is stopped.
function step()
  return collectgarbage('step', 1) and 1 or 0
end

-- Kilobytes in use.
function used()
  return collectgarbage('count')
end

function checksum()
  local sum = 0
  for i = 1, #entities do
    local e = entities[i]
    sum = sum + e.position.x + e.position.y + e.hp + e.trail[4].x
  end
  return sum
end
