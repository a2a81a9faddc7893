-- Dissector for the godot-wire protocol, version 1 (docs/protocol.md), and for the Variants of Godot 4 and 3 in it
-- (docs/wire-format.md). Put it into Wireshark's folder of personal plugins; docs/wireshark.md says where that is.
--
-- Everything that is read is checked first: what is broken is marked with expert information, and never raises an error.

local godot_wire = Proto('godot_wire', 'godot-wire')
local capture = Proto('godot_wire_capture', 'godot-wire capture')

-- How deep containers may lie in each other, and how many values of a packet are shown.
local MAX_DEPTH = 100
local MAX_VALUES = 5000
-- Elements of packed arrays that are shown one by one.
local MAX_ELEMENTS = 64

godot_wire.prefs.version = Pref.enum('Godot version of packets', 0, 'Whose Variants the packets hold', {
  { 1, 'try 4, then 3', 0 },
  { 2, 'Godot 4', 4 },
  { 3, 'Godot 3', 3 },
}, false)
godot_wire.prefs.objects = Pref.bool('Read full Objects', true, 'As var_to_bytes_with_objects writes them')

-- Fields ------------------------------------------------------------------------------------------------------------

local RECORDS = {
  [0x01] = 'OPEN', [0x02] = 'ACCEPT', [0x03] = 'UNKNOWN', [0x04] = 'PING', [0x05] = 'PONG', [0x06] = 'ACK',
  [0x10] = 'DATAGRAM', [0x20] = 'MESSAGE', [0x21] = 'FRAGMENT',
}
local LOSSY_RECORDS = { [0x01] = 'PING', [0x02] = 'ACK', [0x03] = 'CREDIT', [0x10] = 'DATAGRAM', [0x20] = 'CHUNK' }
local RELAY = {
  [0x00] = 'WELCOME', [0x01] = 'CONNECT', [0x02] = 'CLOSE', [0x03] = 'UP', [0x04] = 'DOWN', [0x05] = 'FULL',
  [0x06] = 'DRAIN', [0x10] = 'DATA', [0x11] = 'DATAGRAM', [0x12] = 'SIGNAL', [0x20] = 'REQUEST', [0x21] = 'REPLY',
  [0x22] = 'EVENT',
}
local UDP = {
  [0x01] = 'HELLO', [0x02] = 'RETRY', [0x03] = 'ACCEPT', [0x04] = 'REFUSE', [0x10] = 'FRAME', [0x20] = 'PING',
  [0x21] = 'PONG', [0x22] = 'CLOSE', [0x23] = 'GONE',
}
local REFUSALS = {
  [1] = 'another version, or frames too small', [2] = 'the id was refused', [3] = 'the id is in use',
  [4] = 'too many links', [5] = 'too many of this address',
}

local f = {
  hello_version = ProtoField.uint8('godot_wire.hello.version', 'Version'),
  hello_steam_id = ProtoField.uint64('godot_wire.hello.steam_id', 'Steam id'),
  hello_max_frame = ProtoField.uint32('godot_wire.hello.max_frame', 'Largest frame'),
  relay_type = ProtoField.uint8('godot_wire.relay.type', 'Relay message', base.HEX, RELAY),
  relay_version = ProtoField.uint8('godot_wire.relay.version', 'Version'),
  relay_link = ProtoField.uint32('godot_wire.relay.link', 'Link'),
  relay_peer = ProtoField.uint64('godot_wire.relay.peer', 'Peer'),
  relay_max_frame = ProtoField.uint32('godot_wire.relay.max_frame', 'Largest frame'),
  relay_request = ProtoField.uint32('godot_wire.relay.request', 'Request'),
  relay_json = ProtoField.string('godot_wire.relay.json', 'JSON'),
  relay_signal = ProtoField.bytes('godot_wire.relay.signal', 'Signal'),
  reason = ProtoField.string('godot_wire.reason', 'Reason'),
  udp_type = ProtoField.uint8('godot_wire.udp.type', 'Datagram', base.HEX, UDP),
  udp_connection = ProtoField.uint64('godot_wire.udp.connection', 'Connection', base.HEX),
  udp_max_frame = ProtoField.uint16('godot_wire.udp.max_frame', 'Largest frame'),
  udp_own = ProtoField.uint64('godot_wire.udp.own_connection', 'Connection of the sender', base.HEX),
  udp_cookie = ProtoField.bytes('godot_wire.udp.cookie', 'Cookie'),
  udp_token = ProtoField.bytes('godot_wire.udp.token', 'Token'),
  udp_refusal = ProtoField.uint8('godot_wire.udp.refusal', 'Refusal', base.DEC, REFUSALS),
  kind = ProtoField.uint8('godot_wire.kind', 'Kind', base.DEC, { [1] = 'frame of a session', [2] = 'packet of a lossy link' }),
  destination = ProtoField.uint32('godot_wire.destination', 'Destination session', base.HEX),
  source = ProtoField.uint32('godot_wire.source', 'Source session', base.HEX),
  record = ProtoField.uint8('godot_wire.record', 'Record', base.HEX, RECORDS),
  credit = ProtoField.uint32('godot_wire.credit', 'Credit'),
  received_session = ProtoField.uint32('godot_wire.received.session', 'Received of session', base.HEX),
  received_sequence = ProtoField.uint32('godot_wire.received.sequence', 'Received up to'),
  unknown = ProtoField.uint32('godot_wire.unknown', 'Unknown session', base.HEX),
  token = ProtoField.uint32('godot_wire.token', 'Token', base.HEX),
  sequence = ProtoField.uint32('godot_wire.sequence', 'Sequence'),
  held = ProtoField.uint32('godot_wire.held', 'Held'),
  channel = ProtoField.int32('godot_wire.channel', 'Channel'),
  length = ProtoField.uint32('godot_wire.length', 'Length'),
  total = ProtoField.uint32('godot_wire.total', 'Total'),
  offset = ProtoField.uint32('godot_wire.offset', 'Offset'),
  payload = ProtoField.bytes('godot_wire.payload', 'Packet'),
  lossy_number = ProtoField.uint32('godot_wire.lossy.number', 'Packet number'),
  lossy_record = ProtoField.uint8('godot_wire.lossy.record', 'Record', base.HEX, LOSSY_RECORDS),
  lossy_largest = ProtoField.uint32('godot_wire.lossy.largest', 'Largest number'),
  lossy_delay = ProtoField.uint32('godot_wire.lossy.delay', 'Delay in microseconds'),
  lossy_ranges = ProtoField.uint32('godot_wire.lossy.ranges', 'Further ranges'),
  lossy_run = ProtoField.uint32('godot_wire.lossy.run', 'Run'),
  lossy_gap = ProtoField.uint32('godot_wire.lossy.gap', 'Gap'),
  lossy_offset = ProtoField.uint32('godot_wire.lossy.offset', 'Stream offset'),
  lossy_data = ProtoField.bytes('godot_wire.lossy.data', 'Data'),
}

local v = {
  version = ProtoField.uint8('godot_wire.variant.version', 'Godot version'),
  type = ProtoField.string('godot_wire.variant.type', 'Type'),
  header = ProtoField.uint32('godot_wire.variant.header', 'Header', base.HEX),
  count = ProtoField.uint32('godot_wire.variant.count', 'Count'),
  length = ProtoField.uint32('godot_wire.variant.length', 'Length'),
  bool = ProtoField.bool('godot_wire.variant.bool', 'bool'),
  int = ProtoField.int64('godot_wire.variant.int', 'int'),
  float = ProtoField.double('godot_wire.variant.float', 'float'),
  text = ProtoField.string('godot_wire.variant.text', 'Text'),
  id = ProtoField.uint64('godot_wire.variant.id', 'Id'),
  bytes = ProtoField.bytes('godot_wire.variant.bytes', 'Bytes'),
  element = ProtoField.string('godot_wire.variant.element_type', 'Element type'),
  flags = ProtoField.uint32('godot_wire.variant.path_flags', 'Path flags', base.HEX),
}

local c = {
  version = ProtoField.uint8('godot_wire.capture.version', 'Version'),
  flags = ProtoField.uint8('godot_wire.capture.flags', 'Flags', base.HEX),
  from = ProtoField.uint64('godot_wire.capture.from', 'From'),
  to = ProtoField.uint64('godot_wire.capture.to', 'To'),
  lane = ProtoField.string('godot_wire.capture.lane', 'Lane'),
  taken = ProtoField.bool('godot_wire.capture.taken', 'Taken by the link'),
}

local function list(...)
  local all = {}
  for _, fields in ipairs({ ... }) do for _, field in pairs(fields) do all[#all + 1] = field end end
  return all
end
godot_wire.fields = list(f, v)
capture.fields = list(c)

local malformed = ProtoExpert.new('godot_wire.malformed', 'Malformed', expert.group.MALFORMED, expert.severity.ERROR)
local bad_value = ProtoExpert.new('godot_wire.variant.malformed', 'Broken Variant', expert.group.MALFORMED, expert.severity.WARN)
local cut_short = ProtoExpert.new('godot_wire.variant.cut', 'Not all is shown', expert.group.UNDECODED, expert.severity.NOTE)
local refused = ProtoExpert.new('godot_wire.refused', 'Not taken by the link', expert.group.SEQUENCE, expert.severity.NOTE)
godot_wire.experts = { malformed, bad_value, cut_short }
capture.experts = { refused }

-- Reading -----------------------------------------------------------------------------------------------------------

-- A place in bytes that have an end. Each function says what it read, or nil and why not.
local CUT = 'it ends too early'

local function u32(tvb, at)
  if at + 4 > tvb:len() then return nil, CUT end
  return tvb(at, 4):le_uint()
end

-- Unsigned LEB128 of at most 5 bytes and 32 bits: the value, and where it ends.
local function varint(tvb, at)
  local value = 0
  for i = 0, 4 do
    if at + i >= tvb:len() then return nil, CUT end
    local byte = tvb(at + i, 1):uint()
    value = value + (byte % 128) * 2 ^ (7 * i)
    if byte < 128 then
      if value > 4294967295 then break end
      return value, at + i + 1
    end
  end
  return nil, 'a varint above 32 bits'
end

local function zigzag(value)
  if value % 2 == 0 then return value / 2 end
  return -(value + 1) / 2
end

-- Variants ----------------------------------------------------------------------------------------------------------

-- By the ids of Godot 4; those of Godot 3 are brought to them.
local NAMES = {
  [0] = 'nil', 'bool', 'int', 'float', 'String', 'Vector2', 'Vector2i', 'Rect2', 'Rect2i', 'Vector3', 'Vector3i',
  'Transform2D', 'Vector4', 'Vector4i', 'Plane', 'Quaternion', 'AABB', 'Basis', 'Transform3D', 'Projection', 'Color',
  'StringName', 'NodePath', 'RID', 'Object', 'Callable', 'Signal', 'Dictionary', 'Array', 'PackedByteArray',
  'PackedInt32Array', 'PackedInt64Array', 'PackedFloat32Array', 'PackedFloat64Array', 'PackedStringArray',
  'PackedVector2Array', 'PackedVector3Array', 'PackedColorArray', 'PackedVector4Array',
}
local FROM_3 = {
  [0] = 0, 1, 2, 3, 4, 5, 7, 9, 11, 14, 15, 16, 17, 18, 20, 22, 23, 24, 27, 28, 29, 30, 32, 34, 35, 36, 37,
}
local NAMES_3 = {
  [3] = 'real', [15] = 'Quat', [18] = 'Transform', [29] = 'PoolByteArray', [30] = 'PoolIntArray',
  [32] = 'PoolRealArray', [34] = 'PoolStringArray', [35] = 'PoolVector2Array', [36] = 'PoolVector3Array',
  [37] = 'PoolColorArray',
}

local function parts(names, inner)
  local all = {}
  for _, name in ipairs(names) do for _, part in ipairs(inner) do all[#all + 1] = name .. '.' .. part end end
  return all
end
local XY, XYZ, XYZW = { 'x', 'y' }, { 'x', 'y', 'z' }, { 'x', 'y', 'z', 'w' }
-- The wire has the rows of a Basis, whose axes are columns.
local BASIS = { 'x.x', 'y.x', 'z.x', 'x.y', 'y.y', 'z.y', 'x.z', 'y.z', 'z.z' }
local TRANSFORM = {}
for _, part in ipairs(BASIS) do TRANSFORM[#TRANSFORM + 1] = 'basis.' .. part end
for _, part in ipairs(XYZ) do TRANSFORM[#TRANSFORM + 1] = 'origin.' .. part end

local REALS = {
  [5] = XY, [7] = parts({ 'position', 'size' }, XY), [9] = XYZ, [11] = parts({ 'x', 'y', 'origin' }, XY), [12] = XYZW,
  [14] = { 'normal.x', 'normal.y', 'normal.z', 'd' }, [15] = XYZW, [16] = parts({ 'position', 'size' }, XYZ),
  [17] = BASIS, [18] = TRANSFORM, [19] = parts(XYZW, XYZW), [20] = { 'r', 'g', 'b', 'a' },
}
local INTS = { [6] = XY, [8] = parts({ 'position', 'size' }, XY), [10] = XYZ, [13] = XYZW }
-- Size of an element; with the flag in the header, and without.
local PACKED = {
  [30] = { 4, 4 }, [31] = { 8, 8 }, [32] = { 4, 4 }, [33] = { 8, 8 },
  [35] = { 8, 16 }, [36] = { 12, 24 }, [37] = { 16, 16 }, [38] = { 16, 32 },
}

local function type_of(id, version)
  if version == 3 then return FROM_3[id] end
  return NAMES[id] and id
end

local function name_of(kind, version)
  return version == 3 and NAMES_3[kind] or NAMES[kind]
end

-- One walk serves to try bytes and to show them: without a tree nothing is shown.
local Walk = {}
Walk.__index = Walk

local function walk(tvb, version)
  return setmetatable({ tvb = tvb, version = version, values = 0, error = nil, error_at = 0, is_cut = false }, Walk)
end

function Walk:fail(at, reason)
  if not self.error then
    self.error = reason
    self.error_at = at
  end
  return nil
end

function Walk:has(at, size)
  if size < 0 or at + size > self.tvb:len() then return self:fail(at, CUT) end
  return true
end

function Walk:word(at)
  if not self:has(at, 4) then return nil end
  return self.tvb(at, 4):le_uint()
end

-- u32 length, UTF-8, padding. The text, and where it ends.
function Walk:text(tree, at, label, field)
  local length = self:word(at)
  if not length then return nil end
  if length > 0x7fffffff then return self:fail(at, 'a negative length') end
  local stop = at + 4 + length + (-length) % 4
  if not self:has(at + 4, stop - at - 4) then return nil end
  local text = length == 0 and '' or self.tvb(at + 4, length):string(ENC_UTF_8)
  if tree then
    local range = length == 0 and self.tvb(at, 4) or self.tvb(at + 4, length)
    tree:add(field or v.text, range, text):set_text(label .. ': ' .. text)
  end
  return text, stop
end

function Walk:real(tree, at, wide, label)
  local size = wide and 8 or 4
  if not self:has(at, size) then return nil end
  if tree then
    local range = self.tvb(at, size)
    tree:add(v.float, range, range:le_float()):set_text(string.format('%s: %.9g', label, range:le_float()))
  end
  return at + size
end

function Walk:int32(tree, at, label)
  if not self:has(at, 4) then return nil end
  if tree then
    local range = self.tvb(at, 4)
    tree:add(v.int, range, Int64(range:le_int())):set_text(label .. ': ' .. range:le_int())
  end
  return at + 4
end

-- A value: what it is in a few words, and where it ends; nil where it is broken.
function Walk:value(tree, at, label, depth)
  local header = self:word(at)
  if not header then return nil end
  if depth > MAX_DEPTH then return self:fail(at, 'containers too deep in each other') end
  local kind = type_of(self.version == 4 and header % 65536 % 256 or header % 256, self.version)
  if not kind then return self:fail(at, 'no type ' .. header % 256) end
  self.values = self.values + 1
  local shown = tree
  if tree and self.values > MAX_VALUES then
    shown = nil
    self.is_cut = true
  end
  local name = name_of(kind, self.version)
  local inner = shown and shown:add(v.type, self.tvb(at, 4), name)
  if inner then inner:add_le(v.header, self.tvb(at, 4)) end
  local said, stop = self:payload(inner, at + 4, kind, math.floor(header / 65536), depth)
  if inner then
    if stop then inner:set_len(stop - at) end
    inner:set_text(label .. ': ' .. name .. (said and said ~= '' and ' ' .. said or ''))
  end
  if not stop then return nil end
  -- What its value says by itself needs no type; `nil` is all that a nil says.
  if kind >= 1 and kind <= 4 then return said, stop end
  return name .. (said ~= '' and ' ' .. said or ''), stop
end

function Walk:payload(tree, at, kind, flags, depth)
  local wide = flags % 2 == 1
  if kind == 0 or kind == 25 then return '', at end
  if kind == 1 then return self:boolean(tree, at) end
  if kind == 2 or kind == 3 then return self:number(tree, at, kind, wide) end
  if kind == 4 or kind == 21 then return self:string(tree, at) end
  if REALS[kind] then return self:components(tree, at, REALS[kind], wide and self.version == 4 and kind ~= 20) end
  if INTS[kind] then return self:integers(tree, at, INTS[kind]) end
  if kind == 22 then return self:path(tree, at) end
  if kind == 23 then
    if self.version == 3 then return '', at end
    return self:identity(tree, at)
  end
  if kind == 24 then return self:object(tree, at, wide, depth) end
  if kind == 26 then return self:signal(tree, at) end
  if kind == 27 then return self:dictionary(tree, at, flags, depth) end
  if kind == 28 then return self:array(tree, at, flags, depth) end
  if kind == 29 then return self:byte_array(tree, at) end
  if kind == 34 then return self:strings(tree, at) end
  return self:packed(tree, at, kind, wide)
end

function Walk:boolean(tree, at)
  local word = self:word(at)
  if not word then return nil end
  if tree then tree:add(v.bool, self.tvb(at, 4), word ~= 0) end
  return word ~= 0 and 'true' or 'false', at + 4
end

function Walk:number(tree, at, kind, wide)
  local size = wide and 8 or 4
  if not self:has(at, size) then return nil end
  local range = self.tvb(at, size)
  if kind == 3 then
    if tree then tree:add(v.float, range, range:le_float()) end
    return string.format('%.9g', range:le_float()), at + size
  end
  local value = wide and range:le_int64() or Int64(range:le_int())
  if tree then tree:add(v.int, range, value) end
  return tostring(value), at + size
end

function Walk:string(tree, at)
  local text, stop = self:text(tree, at, 'Text')
  if not stop then return nil end
  return '"' .. (#text > 60 and text:sub(1, 60) .. '...' or text) .. '"', stop
end

function Walk:components(tree, at, names, wide)
  local size = wide and 8 or 4
  local said = {}
  for i, name in ipairs(names) do
    local stop = self:real(tree, at, wide, name)
    if not stop then return nil end
    if i <= 4 then said[#said + 1] = string.format('%.6g', self.tvb(at, size):le_float()) end
    at = stop
  end
  return '(' .. table.concat(said, ', ') .. (#names > 4 and ', ...' or '') .. ')', at
end

function Walk:integers(tree, at, names)
  local said = {}
  for _, name in ipairs(names) do
    local stop = self:int32(tree, at, name)
    if not stop then return nil end
    said[#said + 1] = tostring(self.tvb(at, 4):le_int())
    at = stop
  end
  return '(' .. table.concat(said, ', ') .. ')', at
end

function Walk:identity(tree, at)
  if not self:has(at, 8) then return nil end
  local range = self.tvb(at, 8)
  if tree then tree:add_le(v.id, range) end
  return tostring(range:le_uint64()), at + 8
end

function Walk:path(tree, at)
  local names = self:word(at)
  if not names then return nil end
  if names < 0x80000000 then return self:fail(at, 'a NodePath of Godot 2') end
  local subnames, flags = self:word(at + 4), self:word(at + 8)
  if not subnames or not flags then return nil end
  names = names - 0x80000000
  if tree then tree:add_le(v.flags, self.tvb(at + 8, 4)) end
  at = at + 12
  local said = ''
  local count = names + subnames + (math.floor(flags / 2) % 2)
  if count * 4 > self.tvb:len() - at then return self:fail(at, 'more names than bytes') end
  for i = 1, count do
    local text, stop = self:text(tree, at, i <= names and 'Name' or 'Subname')
    if not stop then return nil end
    local separator = i > names and ':' or ((i > 1 or flags % 2 == 1) and '/' or '')
    if #said < 80 then said = said .. separator .. text end
    at = stop
  end
  return '"' .. said .. '"', at
end

function Walk:signal(tree, at)
  local text, stop = self:text(tree, at, 'Name')
  if not stop then return nil end
  local _, last = self:identity(tree, stop)
  if not last then return nil end
  return '"' .. text .. '"', last
end

-- The element type of a container: kind 1 is a number, 2 the name of a class, 3 the path of a script.
function Walk:element_type(tree, at, kind)
  if kind == 0 or self.version == 3 then return nil, at end
  if kind == 1 then
    local id = self:word(at)
    if not id then return nil, nil end
    local name = NAMES[id]
    if not name then
      self:fail(at, 'no element type ' .. id)
      return nil, nil
    end
    if tree then tree:add(v.element, self.tvb(at, 4), name) end
    return name, at + 4
  end
  local text, stop = self:text(tree, at, 'Element type', v.element)
  return text, stop
end

function Walk:count_at(tree, at, least)
  local count = self:word(at)
  if not count then return nil end
  count = count % 0x80000000
  if count * least > self.tvb:len() - at - 4 then return self:fail(at, 'more elements than bytes') end
  if tree then tree:add(v.count, self.tvb(at, 4), count) end
  return count
end

function Walk:array(tree, at, flags, depth)
  local element, start = self:element_type(tree, at, flags % 4)
  if not start then return nil end
  local count = self:count_at(tree, start, 4)
  if not count then return nil end
  at = start + 4
  for i = 1, count do
    local _, stop = self:value(tree, at, '[' .. (i - 1) .. ']', depth + 1)
    if not stop then return nil end
    at = stop
  end
  return (element and '[' .. element .. '] ' or '') .. 'of ' .. count, at
end

function Walk:dictionary(tree, at, flags, depth)
  local key_type, between = self:element_type(tree, at, flags % 4)
  if not between then return nil end
  local value_type, start = self:element_type(tree, between, math.floor(flags / 4) % 4)
  if not start then return nil end
  local count = self:count_at(tree, start, 8)
  if not count then return nil end
  at = start + 4
  for _ = 1, count do
    local key, middle = self:value(nil, at, 'key', depth + 1)
    if not middle then return nil end
    if tree and self.values < MAX_VALUES then self:value(tree, at, 'key', depth + 1) end
    local _, stop = self:value(tree, middle, key, depth + 1)
    if not stop then return nil end
    at = stop
  end
  local types = (key_type or value_type) and '[' .. (key_type or 'Variant') .. ', ' .. (value_type or 'Variant') .. '] '
  return (types or '') .. 'of ' .. count, at
end

function Walk:object(tree, at, by_id, depth)
  if by_id then return self:identity(tree, at) end
  if not godot_wire.prefs.objects then return self:fail(at, 'a full Object, which the settings do not allow') end
  local class, start = self:text(tree, at, 'Class')
  if not start then return nil end
  if class == '' then return 'null', start end
  local count = self:count_at(tree, start, 8)
  if not count then return nil end
  at = start + 4
  for _ = 1, count do
    local name, middle = self:text(tree, at, 'Property')
    if not middle then return nil end
    local _, stop = self:value(tree, middle, name, depth + 1)
    if not stop then return nil end
    at = stop
  end
  return class, at
end

function Walk:byte_array(tree, at)
  local length = self:word(at)
  if not length then return nil end
  if length > 0x7fffffff then return self:fail(at, 'a negative length') end
  local stop = at + 4 + length + (-length) % 4
  if not self:has(at + 4, stop - at - 4) then return nil end
  if tree and length > 0 then tree:add(v.bytes, self.tvb(at + 4, length)) end
  return 'of ' .. length, stop
end

function Walk:strings(tree, at)
  local count = self:count_at(tree, at, 4)
  if not count then return nil end
  at = at + 4
  for i = 1, count do
    local _, stop = self:text(i <= MAX_ELEMENTS and tree or nil, at, '[' .. (i - 1) .. ']')
    if not stop then return nil end
    at = stop
  end
  return 'of ' .. count, at
end

function Walk:packed(tree, at, kind, wide)
  local sizes = PACKED[kind]
  local size = wide and self.version == 4 and sizes[2] or sizes[1]
  local count = self:count_at(tree, at, size)
  if not count then return nil end
  at = at + 4
  local stop = at + count * size
  if not self:has(at, count * size) then return nil end
  if tree and count > 0 then
    for i = 0, math.min(count, MAX_ELEMENTS) - 1 do
      local range, label = self.tvb(at + i * size, size), '[' .. i .. ']'
      if kind == 30 then tree:add(v.int, range, Int64(range:le_int())):set_text(label .. ': ' .. range:le_int())
      elseif kind == 31 then tree:add(v.int, range, range:le_int64()):set_text(label .. ': ' .. tostring(range:le_int64()))
      elseif kind == 32 or kind == 33 then self:real(tree, at + i * size, kind == 33, label)
      else self:vector(tree, range, label, wide and kind ~= 37 and self.version == 4 and 8 or 4) end
    end
    if count > MAX_ELEMENTS then self.is_cut = true end
  end
  return 'of ' .. count, stop
end

function Walk:vector(tree, range, label, size)
  local said = {}
  for at = 0, range:len() - size, size do said[#said + 1] = string.format('%.6g', range(at, size):le_float()) end
  tree:add(v.bytes, range):set_text(label .. ': (' .. table.concat(said, ', ') .. ')')
end

-- Whether the bytes are one value of that version from the first to the last.
local function fits(tvb, version)
  local try = walk(tvb, version)
  local _, stop = try:value(nil, 0, '', 0)
  return stop == tvb:len(), try
end

local function version_of(tvb)
  local asked = godot_wire.prefs.version
  if asked == 3 or asked == 4 then return asked end
  if fits(tvb, 4) then return 4 end
  return fits(tvb, 3) and 3 or nil
end

-- gzip and zlib, which Wireshark opens itself.
local function opened(tvb)
  if tvb:len() < 4 then return nil end
  local a, b = tvb(0, 1):uint(), tvb(1, 1):uint()
  if not ((a == 0x1f and b == 0x8b) or (a == 0x78 and (a * 256 + b) % 31 == 0)) then return nil end
  local range = tvb():uncompress('Opened packet')
  return range and range:len() > 0 and range:tvb() or nil
end

-- The bytes of the game. What they are in a few words; nil where they are no Variant.
local function show_packet(tvb, tree)
  local inside = opened(tvb)
  if inside then tvb = inside end
  local version = version_of(tvb)
  if not version then return nil end
  local item = tree:add(v.version, tvb(), version)
  item:set_text('Variant of Godot ' .. version)
  local shown = walk(tvb, version)
  local said = shown:value(item, 0, 'value', 0)
  if shown.is_cut then item:add_proto_expert_info(cut_short, 'A part of the value is shown') end
  if shown.error then
    item:add_proto_expert_info(bad_value, 'Broken at byte ' .. shown.error_at .. ' of the Variant: ' .. shown.error)
  end
  return said
end

-- Frames ------------------------------------------------------------------------------------------------------------

local function bad(tree, reason)
  tree:add_proto_expert_info(malformed, reason)
  return nil, reason
end

-- A field of 4 bytes: its value, and where it ends.
local function add_u32(tree, tvb, at, field)
  local value, why = u32(tvb, at)
  if not value then return bad(tree, why) end
  tree:add_le(field, tvb(at, 4))
  return value, at + 4
end

local function add_varint(tree, tvb, at, field, signed)
  local value, stop = varint(tvb, at)
  if not value then return bad(tree, stop) end
  local number = signed and zigzag(value) or value
  tree:add(field, tvb(at, stop - at), number)
  return number, stop
end

-- What follows the type of each record, in the order of the wire.
local U32, VARINT, CHANNEL = add_u32, add_varint, function(tree, tvb, at, field)
  return add_varint(tree, tvb, at, field, true)
end
local RECEIVED = { { U32, 'received_session' }, { U32, 'received_sequence' } }
local LAYOUTS = {
  [0x01] = { { U32, 'credit' }, RECEIVED[1], RECEIVED[2] },
  [0x02] = { { U32, 'credit' }, RECEIVED[1], RECEIVED[2] },
  [0x03] = { { U32, 'unknown' }, RECEIVED[1], RECEIVED[2] },
  [0x04] = { { U32, 'token' } },
  [0x05] = { { U32, 'token' } },
  [0x06] = { { U32, 'sequence' }, { VARINT, 'held' }, { U32, 'credit' } },
  [0x10] = { { CHANNEL, 'channel' }, { VARINT, 'length' } },
  [0x20] = { { U32, 'sequence' }, { CHANNEL, 'channel' }, { VARINT, 'length' } },
  [0x21] = { { U32, 'sequence' }, { CHANNEL, 'channel' }, { VARINT, 'total' }, { VARINT, 'offset' }, { VARINT, 'length' } },
}

-- One record: where it ends, or nil.
local function show_record(tvb, at, tree, said)
  local kind = tvb(at, 1):uint()
  local layout, name = LAYOUTS[kind], RECORDS[kind]
  local item = tree:add(f.record, tvb(at, 1))
  if not layout then return bad(item, 'an unknown record type ' .. kind) end
  local start, values = at, {}
  at = at + 1
  for _, field in ipairs(layout) do
    local value, stop = field[1](item, tvb, at, f[field[2]])
    if not value then return nil end
    values[field[2]] = value
    at = stop
  end
  local text = name .. (values.channel and ' on channel ' .. string.format('%d', values.channel) or '')
  if values.length then
    local length = values.length
    if at + length > tvb:len() then return bad(item, 'a packet that is longer than its frame') end
    if kind == 0x21 and values.offset + length > values.total then
      item:add_proto_expert_info(malformed, 'a fragment beyond its message')
    end
    if length > 0 then
      local packet = item:add(f.payload, tvb(at, length))
      local value = kind ~= 0x21 and show_packet(tvb(at, length):tvb(), packet)
      if value then text = text .. ' ' .. value end
    end
    at = at + length
  end
  item:set_len(at - start)
  item:set_text(text)
  said[#said + 1] = text
  return at
end

local function show_session_frame(tvb, tree, said)
  local destination, at = add_u32(tree, tvb, 1, f.destination)
  if not destination then return end
  local source, start = add_u32(tree, tvb, at, f.source)
  if not source then return end
  if start == tvb:len() then return bad(tree, 'a frame without a record') end
  while start and start < tvb:len() do start = show_record(tvb, start, tree, said) end
end

-- Packets of links that lose and repeat by themselves ------------------------------------------------------------

local function show_lossy_ack(tvb, at, item)
  local largest, delay, further, run
  largest, at = add_varint(item, tvb, at, f.lossy_largest)
  if not largest then return nil end
  delay, at = add_varint(item, tvb, at, f.lossy_delay)
  if not delay then return nil end
  further, at = add_varint(item, tvb, at, f.lossy_ranges)
  if not further then return nil end
  run, at = add_varint(item, tvb, at, f.lossy_run)
  if not run then return nil end
  if further * 2 > tvb:len() - at then return bad(item, 'more ranges than bytes') end
  local low = largest - run
  for _ = 1, further do
    local gap
    gap, at = add_varint(item, tvb, at, f.lossy_gap)
    if not gap then return nil end
    run, at = add_varint(item, tvb, at, f.lossy_run)
    if not run then return nil end
    low = low - gap - 2 - run
  end
  if low < 0 then return bad(item, 'a range below 0') end
  return at
end

local show_frame

-- The streams of links that lose: for each direction the bytes that came in order and are no whole frame yet, and pieces
-- that came too early. What was made of a packet when it was first seen is kept for when it is shown again.
local streams, made = {}, {}
local MAX_PIECES = 1024
local MAX_FRAME = 16777216

-- The piece without what is there already; nil where nothing is left of it.
local function trimmed(stream, offset, bytes)
  local behind = (stream.next - offset) % 4294967296
  if behind >= 2147483648 then return nil, true end
  if behind >= #bytes then return nil, false end
  return bytes:sub(behind + 1), false
end

local function take_piece(stream, offset, bytes)
  local rest, is_early = trimmed(stream, offset, bytes)
  if is_early then
    if stream.pieces < MAX_PIECES and not stream.early[offset] then
      stream.early[offset] = bytes
      stream.pieces = stream.pieces + 1
    end
    return false
  end
  if rest then
    stream.bytes = stream.bytes .. rest
    stream.next = (stream.next + #rest) % 4294967296
  end
  return rest ~= nil
end

local function take_early(stream)
  local again = true
  while again do
    again = false
    for offset, bytes in pairs(stream.early) do
      if (stream.next - offset) % 4294967296 < 2147483648 then
        stream.early[offset] = nil
        stream.pieces = stream.pieces - 1
        again = take_piece(stream, offset, bytes) or again
      end
    end
  end
end

-- The length in front of the next frame, and how many bytes it takes; nil where it is not all there.
local function frame_length(bytes)
  local length = 0
  for i = 1, math.min(4, #bytes) do
    local byte = bytes:byte(i)
    length = length + (byte % 128) * 128 ^ (i - 1)
    if byte < 128 then return length, i end
  end
  return #bytes >= 4 and 0 or nil
end

-- Frames that are whole with a chunk, as strings of bytes.
local function frames_with(context, offset, bytes)
  local stream = streams[context.key]
  if not stream then
    stream = { next = 0, bytes = '', early = {}, pieces = 0, broken = false }
    streams[context.key] = stream
  end
  local found = {}
  if stream.broken then return found end
  take_piece(stream, offset, bytes)
  take_early(stream)
  local length, size = frame_length(stream.bytes)
  while length and #stream.bytes >= size + length do
    if length == 0 or length > MAX_FRAME then
      stream.broken = true
      return found
    end
    found[#found + 1] = stream.bytes:sub(size + 1, size + length)
    stream.bytes = stream.bytes:sub(size + length + 1)
    length, size = frame_length(stream.bytes)
  end
  return found
end

local function show_chunk(tvb, at, length, offset, item, said, context)
  local key = context.number .. ' ' .. at
  if not made[key] then made[key] = frames_with(context, offset, tvb:raw(at, length)) end
  for _, frame in ipairs(made[key]) do
    local whole = ByteArray.new(frame, true):tvb('Frame of the stream')
    local inner = item:add(godot_wire, whole())
    inner:set_text('Frame that is whole with this chunk')
    show_frame(whole, inner, said, nil)
  end
end

local function show_lossy_record(tvb, at, tree, said, context)
  local kind, start = tvb(at, 1):uint(), at
  local name = LOSSY_RECORDS[kind]
  local item = tree:add(f.lossy_record, tvb(at, 1))
  if not name then return bad(item, 'an unknown record type ' .. kind) end
  said[#said + 1] = name
  local offset
  at = at + 1
  if kind == 0x02 then at = show_lossy_ack(tvb, at, item)
  elseif kind == 0x03 then
    local credit
    credit, at = add_u32(item, tvb, at, f.lossy_offset)
    if not credit then return nil end
  elseif kind >= 0x10 then
    if kind == 0x20 then
      offset, at = add_u32(item, tvb, at, f.lossy_offset)
      if not offset then return nil end
    end
    local length
    length, at = add_varint(item, tvb, at, f.length)
    if not length then return nil end
    if length == 0 then return bad(item, 'an empty payload') end
    if at + length > tvb:len() then return bad(item, 'a payload that is longer than its packet') end
    local data = item:add(f.lossy_data, tvb(at, length))
    -- A datagram is a frame; chunks are pieces of a stream of frames, each behind its length.
    if kind == 0x10 then show_frame(tvb(at, length):tvb(), data, said, nil)
    elseif context then show_chunk(tvb, at, length, offset, data, said, context) end
    at = at + length
  end
  if not at then return nil end
  item:set_len(at - start)
  item:set_text(name)
  return at
end

local function show_lossy_packet(tvb, tree, said, context)
  local number, at = add_u32(tree, tvb, 1, f.lossy_number)
  if not number then return end
  if at == tvb:len() then return bad(tree, 'a packet without a record') end
  while at and at < tvb:len() do at = show_lossy_record(tvb, at, tree, said, context) end
end

-- A frame of a session or, where there is a link that may lose around it, a packet of that; `said` gets a few words for
-- each record. `context` names the link and the packet of the capture.
show_frame = function(tvb, tree, said, context)
  if tvb:len() == 0 then return bad(tree, 'an empty frame') end
  tree:add(f.kind, tvb(0, 1))
  local kind = tvb(0, 1):uint()
  if kind == 1 then return show_session_frame(tvb, tree, said) end
  if kind == 2 and context then return show_lossy_packet(tvb, tree, said, context.key and context) end
  return bad(tree, 'no frame of kind ' .. kind)
end

-- Links -------------------------------------------------------------------------------------------------------------

local function is_hello(tvb)
  return tvb:len() == 20 and tvb(0, 4):uint() == 0x47574952
end

local function show_hello(tvb, tree)
  tree:add(f.hello_version, tvb(4, 1))
  tree:add_le(f.hello_steam_id, tvb(8, 8))
  tree:add_le(f.hello_max_frame, tvb(16, 4))
  if tvb(4, 1):uint() ~= 1 then bad(tree, 'another version of the protocol') end
  if tvb(16, 4):le_uint() < 1280 then bad(tree, 'a frame limit below 1,280') end
  return 'Hello of ' .. tostring(tvb(8, 8):le_uint64())
end

local function show_relay(tvb, tree, said)
  local kind = tvb(0, 1):uint()
  local item = tree:add(f.relay_type, tvb(0, 1))
  local name = RELAY[kind]
  if not name then return bad(item, 'an unknown relay message ' .. kind) end
  said[#said + 1] = 'Relay ' .. name
  if kind == 0x00 then
    if tvb:len() ~= 2 then return bad(item, 'a WELCOME of ' .. tvb:len() .. ' bytes') end
    tree:add(f.relay_version, tvb(1, 1))
    return
  end
  if kind == 0x01 then
    if tvb:len() ~= 9 then return bad(item, 'a CONNECT of ' .. tvb:len() .. ' bytes') end
    tree:add_le(f.relay_peer, tvb(1, 8))
    return
  end
  local number, at = add_u32(tree, tvb, 1, kind >= 0x20 and f.relay_request or f.relay_link)
  if not number then return end
  local rest = tvb:len() > at and tvb(at) or nil
  if kind == 0x02 or kind == 0x04 then
    if rest then tree:add(f.reason, rest, rest:string(ENC_UTF_8)) end
  elseif kind == 0x03 then
    if tvb:len() ~= 17 then return bad(item, 'an UP of ' .. tvb:len() .. ' bytes') end
    tree:add_le(f.relay_peer, tvb(5, 8))
    tree:add_le(f.relay_max_frame, tvb(13, 4))
  elseif kind == 0x05 or kind == 0x06 then
    if rest then return bad(item, 'bytes behind the link') end
  elseif not rest then return bad(item, 'nothing behind the number')
  elseif kind == 0x12 then tree:add(f.relay_signal, rest)
  elseif kind >= 0x20 then tree:add(f.relay_json, rest, rest:string(ENC_UTF_8))
  else show_frame(rest:tvb(), tree, said, {}) end
end

-- What is known of each connection: its hello was seen, and whether a relay has welcomed.
local tcp_stream, udp_stream = Field.new('tcp.stream'), Field.new('udp.stream')
local websockets, datagrams = {}, {}

function godot_wire.init()
  websockets, datagrams = {}, {}
  streams, made = {}, {}
end

local function stream_of(field)
  local info = field()
  return info and info.value
end

local function begin(tvb, pinfo, tree)
  pinfo.cols.protocol = 'godot-wire'
  return tree:add(godot_wire, tvb())
end

local function finish(pinfo, item, said)
  local text = table.concat(said, ', ')
  if text == '' then text = 'Malformed frame' end
  if #text > 200 then text = text:sub(1, 200) .. '...' end
  pinfo.cols.info = text
  item:append_text(': ' .. text)
end

local function show_websocket(tvb, pinfo, tree, connection)
  local item, said = begin(tvb, pinfo, tree), {}
  if is_hello(tvb) then said[1] = show_hello(tvb, item)
  else
    -- Its first message says that it is a relay; from then on both ends speak to it.
    if tvb:len() == 2 and tvb(0, 1):uint() == 0 then connection.relay = connection.relay or pinfo.number end
    if connection.relay and pinfo.number >= connection.relay then show_relay(tvb, item, said)
    else show_frame(tvb, item, said, {}) end
  end
  finish(pinfo, item, said)
end

-- WebSocket messages of a connection whose hello was seen.
local function websocket(tvb, pinfo, tree)
  if tvb:len() == 0 then return false end
  local stream = stream_of(tcp_stream)
  if not stream then return false end
  if not websockets[stream] then
    if not is_hello(tvb) then return false end
    websockets[stream] = {}
  end
  show_websocket(tvb, pinfo, tree, websockets[stream])
  return true
end

local function show_udp(tvb, pinfo, tree, stream)
  local item, said = begin(tvb, pinfo, tree), {}
  local kind = tvb(0, 1):uint()
  local first = item:add(f.udp_type, tvb(0, 1))
  said[1] = 'UDP ' .. (UDP[kind] or 'datagram')
  if kind == 0x01 then
    if tvb:len() < 40 or tvb(1, 4):uint() ~= 0x47574952 then bad(first, 'a hello of ' .. tvb:len() .. ' bytes')
    else
      item:add(f.hello_version, tvb(5, 1))
      item:add_le(f.udp_max_frame, tvb(6, 2))
      item:add_le(f.hello_steam_id, tvb(8, 8))
      item:add_le(f.udp_own, tvb(16, 8))
      item:add(f.udp_cookie, tvb(24, 16))
      if tvb:len() > 40 then item:add(f.udp_token, tvb(40)) end
      said[1] = 'UDP HELLO of ' .. tostring(tvb(8, 8):le_uint64())
    end
  elseif not UDP[kind] then bad(first, 'an unknown datagram type ' .. kind)
  elseif tvb:len() < 9 then bad(first, 'a datagram of ' .. tvb:len() .. ' bytes')
  else
    item:add_le(f.udp_connection, tvb(1, 8))
    if kind == 0x10 then
      -- What goes to one connection is one direction of a link; its id is never given twice.
      local context = { key = stream .. ' ' .. tostring(tvb(1, 8):le_uint64()), number = pinfo.number }
      if tvb:len() > 9 then show_frame(tvb(9):tvb(), item, said, context) else bad(first, 'an empty frame') end
    elseif kind == 0x02 then
      if tvb:len() == 25 then item:add(f.udp_cookie, tvb(9, 16)) else bad(first, 'a RETRY of ' .. tvb:len() .. ' bytes') end
    elseif kind == 0x03 then
      if tvb:len() ~= 28 then bad(first, 'an ACCEPT of ' .. tvb:len() .. ' bytes')
      else
        item:add(f.hello_version, tvb(9, 1))
        item:add_le(f.udp_max_frame, tvb(10, 2))
        item:add_le(f.hello_steam_id, tvb(12, 8))
        item:add_le(f.udp_own, tvb(20, 8))
      end
    elseif kind == 0x04 then
      if tvb:len() == 10 then item:add(f.udp_refusal, tvb(9, 1)) else bad(first, 'a REFUSE of ' .. tvb:len() .. ' bytes') end
    elseif kind == 0x22 and tvb:len() > 9 then item:add(f.reason, tvb(9), tvb(9):string(ENC_UTF_8)) end
  end
  finish(pinfo, item, said)
end

-- Datagrams of a conversation whose hello was seen.
local function udp(tvb, pinfo, tree)
  if tvb:len() == 0 then return false end
  local stream = stream_of(udp_stream)
  if not stream then return false end
  if not datagrams[stream] then
    if tvb:len() < 40 or tvb(0, 1):uint() ~= 1 or tvb(1, 4):uint() ~= 0x47574952 then return false end
    datagrams[stream] = true
  end
  show_udp(tvb, pinfo, tree, stream)
  return true
end

-- By name or by "Decode As": the payload is a frame.
function godot_wire.dissector(tvb, pinfo, tree)
  if tvb:len() == 0 then return 0 end
  local item, said = begin(tvb, pinfo, tree), {}
  if is_hello(tvb) then said[1] = show_hello(tvb, item) else show_frame(tvb, item, said, {}) end
  finish(pinfo, item, said)
  return tvb:len()
end

-- Captures of the inspector: a header, and the frame.
function capture.dissector(tvb, pinfo, tree)
  local item = tree:add(capture, tvb())
  if tvb:len() < 20 or tvb(0, 1):uint() ~= 1 then
    item:add_proto_expert_info(malformed, 'no capture of this version')
    return tvb:len()
  end
  local flags = tvb(1, 1):uint()
  local lane = flags % 2 == 0 and 'unknown' or (math.floor(flags / 2) % 2 == 1 and 'datagram' or 'reliable')
  item:add(c.version, tvb(0, 1))
  item:add(c.flags, tvb(1, 1))
  item:add_le(c.from, tvb(4, 8))
  item:add_le(c.to, tvb(12, 8))
  item:add(c.lane, tvb(1, 1), lane)
  local taken = math.floor(flags / 4) % 2 == 0
  item:add(c.taken, tvb(1, 1), taken)
  if not taken then item:add_proto_expert_info(refused, 'the link did not take this frame') end
  local from, to = tostring(tvb(4, 8):le_uint64()), tostring(tvb(12, 8):le_uint64())
  item:append_text(': ' .. from .. ' > ' .. to)
  if tvb:len() > 20 then godot_wire.dissector(tvb(20):tvb(), pinfo, tree) end
  pinfo.cols.src = from
  pinfo.cols.dst = to
  return tvb:len()
end

godot_wire:register_heuristic('ws', websocket)
godot_wire:register_heuristic('udp', udp)
