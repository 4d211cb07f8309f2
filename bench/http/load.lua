-- Load for wrk, with one thread (-t1): what is counted lives in it. Steered by the environment:
--   LOAD_PLAN  file, a request a line: METHOD \t PATH \t TOKEN \t BODY; TOKEN and BODY may be empty
--   LOAD_MODE  cycle   the plan's requests in turn
--              unique  the same, {unique} in BODY a word that never comes again
--              chain   the same, {next} in BODY a word of LOAD_SEEDS, and later of the answers
--   LOAD_TAG   sets this run's unique words apart from another's
--   LOAD_SEEDS file, a word a line          LOAD_NEXT  Lua pattern of the next word in an answer
local mode = os.getenv("LOAD_MODE")
local tag = os.getenv("LOAD_TAG")
local plan, turn, serial = {}, 0, 0
local words, first, last = {}, 1, 0

local function parse(line)
  local method, path, token, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
  local headers = {}
  if token ~= "" then headers["Authorization"] = "Bearer " .. token end
  if body == "" then return method, path, headers, nil end
  headers["Content-Type"] = "application/json"
  return method, path, headers, body
end

local function push(word)
  last = last + 1
  words[last] = word
end

local function pop()
  local word = words[first]
  words[first] = nil
  first = first + 1
  return word
end

function init()
  for line in io.lines(os.getenv("LOAD_PLAN")) do
    -- What does not change is formatted once: wrk's core has other things to do.
    plan[#plan + 1] = mode == "cycle" and wrk.format(parse(line)) or { parse(line) }
  end
  if mode == "chain" then
    for word in io.lines(os.getenv("LOAD_SEEDS")) do push(word) end
  end
end

function request()
  turn = turn % #plan + 1
  local planned = plan[turn]
  if mode == "cycle" then return planned end
  local body
  if mode == "unique" then
    serial = serial + 1
    body = planned[4]:gsub("{unique}", tag .. serial)
  else
    body = planned[4]:gsub("{next}", pop())
  end
  return wrk.format(planned[1], planned[2], planned[3], body)
end

if mode == "chain" then
  local pattern = os.getenv("LOAD_NEXT")
  function response(_, _, body)
    local word = body:match(pattern)
    if word then push(word) end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nJSON {"requests": %d, "microseconds": %d, "refused": %d, "lost": %d, "p50_us": %d, "p99_us": %d}\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
