/**
 * Appends messages to the streams of their topics and publishes them, in order.
 *
 * KEYS: the streams. ARGV: the sender; "1" if the sender does not know whether an earlier call has succeeded; then for each
 * message the index of its stream, its number, its body, the length and the age of the stream, and its channel.
 *
 * A published string contains the id of the message, the id of the message before it, the sender, the number and the
 * body. The second id shows subscribers whether messages are missing.
 */
export const publishScript = `
local time = redis.call("TIME")
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local sender, again = ARGV[1], ARGV[2] == "1"

local function isSent(key, n)
  if not again then return false end
  for _, entry in ipairs(redis.call("XREVRANGE", key, "+", "-", "COUNT", 2000)) do
    if entry[2][4] == sender and entry[2][6] == n then return true end
  end
  return false
end

for i = 3, #ARGV, 6 do
  local key, n, body = KEYS[tonumber(ARGV[i])], ARGV[i + 1], ARGV[i + 2]
  local length, age, channel = ARGV[i + 3], tonumber(ARGV[i + 4]), ARGV[i + 5]
  if not isSent(key, n) then
    local last = redis.call("XREVRANGE", key, "+", "-", "COUNT", 1)[1]
    local former = last and last[1] or "0-0"
    local ms, number = string.match(former, "(%d+)-(%d+)")
    local id = string.format("%.0f-1", now)
    if tonumber(ms) >= now then id = ms .. "-" .. string.format("%.0f", number + 1) end
    redis.call("XADD", key, "MAXLEN", "=", length, id, "p", former, "o", sender, "n", n, "m", body)
    redis.call("XTRIM", key, "MINID", "=", string.format("%.0f", math.max(0, now - age)))
    redis.call("PEXPIRE", key, age)
    redis.call("PUBLISH", channel, id .. " " .. former .. " " .. sender .. " " .. n .. " " .. body)
  end
end
return string.format("%.0f", now)`;

/**
 * Reads the messages of a stream after an id; "" reads none. Returns the time in milliseconds, the id of the last message or
 * "" if the stream is empty, and the entries.
 */
export const readScript = `
local time = redis.call("TIME")
local last = redis.call("XREVRANGE", KEYS[1], "+", "-", "COUNT", 1)[1]
local entries = {}
if ARGV[1] ~= "" then
  entries = redis.call("XRANGE", KEYS[1], "(" .. ARGV[1], "+", "COUNT", ARGV[2])
end
return { string.format("%.0f", time[1] * 1000 + math.floor(time[2] / 1000)), last and last[1] or "", entries }`;
