-- The sun and the four large planets, drawn by one another.

local SOLAR_MASS = 4 * math.pi * math.pi
local DAYS = 365.24

-- A velocity in units a day, a mass in suns.
local function body(x, y, z, vx, vy, vz, mass)
  return { x = x, y = y, z = z, vx = vx * DAYS, vy = vy * DAYS, vz = vz * DAYS, mass = mass * SOLAR_MASS }
end

local function sun()
  return body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
end

local function jupiter()
  return body(
    4.841431442464721, -1.1603200440274284, -0.10362204447112311,
    0.001660076642744037, 0.007699011184197404, -0.0000690460016972063,
    0.0009547919384243266)
end

local function saturn()
  return body(
    8.34336671824458, 4.124798564124305, -0.4035234171143214,
    -0.002767425107268624, 0.004998528012349172, 0.000023041729757376393,
    0.0002858859806661308)
end

local function uranus()
  return body(
    12.894369562139131, -15.111151401698631, -0.22330757889265573,
    0.002964601375647616, 0.0023784717395948095, -0.000029658956854023756,
    0.00004366244043351563)
end

local function neptune()
  return body(
    15.379697114850917, -25.919314609987964, 0.17925877295037118,
    0.0026806777249038932, 0.001628241700382423, -0.00009515922545197159,
    0.000051513890204661145)
end

-- The sun moves so that the whole stays where it is.
local function newSystem()
  local bodies = { sun(), jupiter(), saturn(), uranus(), neptune() }
  local px, py, pz = 0.0, 0.0, 0.0
  for _, b in ipairs(bodies) do
    px = px + b.vx * b.mass
    py = py + b.vy * b.mass
    pz = pz + b.vz * b.mass
  end
  local center = bodies[1]
  center.vx = 0.0 - px / SOLAR_MASS
  center.vy = 0.0 - py / SOLAR_MASS
  center.vz = 0.0 - pz / SOLAR_MASS
  return bodies
end

local function advance(bodies, dt)
  local count = #bodies
  for i = 1, count do
    local a = bodies[i]
    for j = i + 1, count do
      local b = bodies[j]
      local dx = a.x - b.x
      local dy = a.y - b.y
      local dz = a.z - b.z
      local square = dx * dx + dy * dy + dz * dz
      local pull = dt / (square * math.sqrt(square))
      a.vx = a.vx - dx * b.mass * pull
      a.vy = a.vy - dy * b.mass * pull
      a.vz = a.vz - dz * b.mass * pull
      b.vx = b.vx + dx * a.mass * pull
      b.vy = b.vy + dy * a.mass * pull
      b.vz = b.vz + dz * a.mass * pull
    end
  end
  for i = 1, count do
    local b = bodies[i]
    b.x = b.x + dt * b.vx
    b.y = b.y + dt * b.vy
    b.z = b.z + dt * b.vz
  end
end

local function energy(bodies)
  local e = 0.0
  for i, a in ipairs(bodies) do
    e = e + 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
    for j = i + 1, #bodies do
      local b = bodies[j]
      local dx = a.x - b.x
      local dy = a.y - b.y
      local dz = a.z - b.z
      e = e - a.mass * b.mass / math.sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return e
end

-- The energy after so many steps.
function run(steps)
  local bodies = newSystem()
  for _ = 1, steps do advance(bodies, 0.01) end
  return energy(bodies)
end
