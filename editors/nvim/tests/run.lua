-- The tests, run inside Neovim on a copy of the demo crate. Each is told of by a line
-- "ok NAME" or "not ok NAME: why" on standard output.
local demo = vim.env.LECTERN_DEMO
local function out(line)
  vim.fn.writefile(vim.split(line, '\n'), vim.env.LECTERN_REPORT, 'a')
end

local messages = {}
vim.notify = function(message)
  table.insert(messages, message)
end

local function await(what, condition)
  if not vim.wait(30000, condition, 10) then
    error(('waited in vain for %s; messages: %s'):format(what, vim.inspect(messages)), 2)
  end
end

local function equal(got, want, what)
  if not vim.deep_equal(got, want) then
    error(('%s: got %s, want %s'):format(what, vim.inspect(got), vim.inspect(want)), 2)
  end
end

local function contains(text, part)
  if not (text or ''):find(part, 1, true) then
    error(('no %q in: %s'):format(part, text), 2)
  end
end

local function edit(file)
  vim.cmd('silent only')
  vim.cmd.edit({ args = { vim.fn.fnameescape(demo .. '/' .. file) }, bang = true })
end

-- The hints found in the buffer that are shown as a diagnostic, by id.
local function found()
  local ids = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    ids[d.code] = d
  end
  return ids
end

local function server()
  return vim.lsp.get_clients({ name = 'lectern', bufnr = 0 })[1]
end

-- Opens src/progress.rs, whose counter has a lost update, with the cursor there.
local function progress()
  edit('src/progress.rs')
  await('lost-update', function()
    return found()['lost-update']
  end)
  local d = found()['lost-update']
  vim.api.nvim_win_set_cursor(0, { d.lnum + 1, d.col })
  return d
end

local function page(name)
  await('page ' .. name, function()
    return vim.api.nvim_buf_get_name(0) == name
  end)
end

local tests = {}
local order = {}
local function test(name, run)
  tests[name] = run
  table.insert(order, name)
end

test('attaches and shows diagnostics', function()
  local d = progress()
  equal(server().name, 'lectern', 'client')
  equal(d.severity, vim.diagnostic.severity.WARN, 'severity')
  contains(d.message, 'WORDS')
  equal(vim.api.nvim_get_current_line():sub(d.col + 1, d.end_col), 'store', 'the underlined text')
end)

test('every diagnostic is there once', function()
  progress()
  local seen = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    local key = ('%s %d:%d'):format(d.code, d.lnum, d.col)
    equal(seen[key], nil, key)
    seen[key] = true
  end
end)

test('hover', function()
  progress()
  local params = vim.lsp.util.make_position_params(0, server().offset_encoding)
  local answers = vim.lsp.buf_request_sync(0, 'textDocument/hover', params, 10000)
  local text = answers[server().id].result.contents.value
  contains(text, 'Atomics and their orderings')
end)

test('a fix is applied and the finding is gone', function()
  progress()
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      return action.title:find('Add in one step', 1, true) ~= nil
    end,
  })
  await('the edit', function()
    return vim.api.nvim_get_current_line():find('fetch_add', 1, true)
  end)
  await('no lost-update', function()
    return not found()['lost-update']
  end)
  vim.cmd('silent undo')
  await('lost-update again', function()
    return found()['lost-update']
  end)
end)

test('the lesson under the cursor opens beside the code', function()
  progress()
  vim.ui.select = function(items, options, chosen)
    for _, item in ipairs(items) do
      if options.format_item(item):find('Atomics and their orderings', 1, true) then
        return chosen(item)
      end
    end
    error('no such lesson to choose')
  end
  vim.cmd('Lectern lesson')
  page('lectern://advanced-rust/lock-free/orderings.md')
  equal(#vim.api.nvim_tabpage_list_wins(0), 2, 'windows')
  equal(vim.bo.filetype, 'markdown', 'filetype')
  equal(vim.bo.buftype, 'nofile', 'buftype')
  equal(vim.bo.modifiable, false, 'modifiable')
  contains(vim.api.nvim_buf_get_lines(0, 0, 1, false)[1], '# Atomics and their orderings')
end)

-- Puts the cursor on the first link whose target matches, and returns the target.
local function on_link(pattern)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local first, _, target = line:find('%]%((' .. pattern .. ')%)')
    if first then
      vim.api.nvim_win_set_cursor(0, { number, first })
      return target
    end
  end
  error('no link like ' .. pattern)
end

local function press(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'xt', false)
end

test('links of a lesson', function()
  edit('src/progress.rs')
  await('the server', server)
  vim.cmd('Lectern lesson allocators/global-alloc')
  page('lectern://advanced-rust/allocators/global-alloc.md')
  on_link('%.%./lock%-free/orderings%.md')
  press('<CR>')
  page('lectern://advanced-rust/lock-free/orderings.md')
  equal(#vim.api.nvim_tabpage_list_wins(0), 2, 'windows')
  press('<C-o>')
  page('lectern://advanced-rust/allocators/global-alloc.md')
  local opened
  vim.ui.open = function(target)
    opened = target
    return {}, nil
  end
  local target = on_link('https://[^%s)]+')
  press('gx')
  equal(opened, target, 'opened outside')
end)

test('a page that does not exist', function()
  edit('src/progress.rs')
  await('the server', server)
  messages = {}
  vim.cmd.edit('lectern://advanced-rust/no/such.md')
  contains(table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'), 'There is no page')
  contains(table.concat(messages, '\n'), 'no/such')
end)

test('explain by id', function()
  edit('src/progress.rs')
  await('the server', server)
  vim.cmd('Lectern explain lost-update')
  page('lectern://advanced-rust/lock-free/orderings/lost-update.md')
end)

test('the course as a picker, with counts', function()
  progress()
  local seen
  vim.ui.select = function(items, options, chosen)
    for _, item in ipairs(items) do
      local text = options.format_item(item)
      if text:find('Atomics and their orderings', 1, true) then
        seen = text
        return chosen(item)
      end
    end
  end
  vim.cmd('Lectern course')
  page('lectern://advanced-rust/lock-free/orderings.md')
  local count = tonumber(seen:match('%((%d+)%)$'))
  assert(count and count > 0, seen)
end)

test('places in the quickfix list', function()
  edit('src/main.rs')
  await('the server', server)
  vim.cmd('Lectern places lock-free/orderings')
  await('quickfix', function()
    return #vim.fn.getqflist() > 0
  end)
  local files = vim.tbl_map(function(item)
    return vim.fn.bufname(item.bufnr)
  end, vim.fn.getqflist())
  contains(table.concat(files, '\n'), 'src/progress.rs')
  vim.cmd.cclose()
end)

test('completion', function()
  edit('src/progress.rs')
  await('the server', server)
  equal(vim.fn.getcompletion('Lectern le', 'cmdline'), { 'lesson' }, 'words')
  equal(vim.fn.getcompletion('Lectern lesson lock-free/or', 'cmdline'), { 'lock-free/orderings' }, 'lessons')
  equal(vim.fn.getcompletion('Lectern explain lost-', 'cmdline'), { 'lost-update' }, 'hints')
  equal(vim.fn.getcompletion('Lectern chapter alloc', 'cmdline'), { 'allocators' }, 'chapters')
  equal(vim.fn.getcompletion('Lectern restart ', 'cmdline'), {}, 'no argument')
end)

test('chapter', function()
  progress()
  vim.cmd('Lectern chapter unsafe')
  await('no lost-update', function()
    return not found()['lost-update']
  end)
  vim.cmd('Lectern chapter')
  await('lost-update again', function()
    return found()['lost-update']
  end)
  messages = {}
  vim.cmd('Lectern chapter nowhere')
  contains(table.concat(messages, '\n'), 'no chapter nowhere')
end)

test('toggle', function()
  progress()
  local function shown()
    for id, namespace in pairs(vim.diagnostic.get_namespaces()) do
      if namespace.name:find('lectern', 1, true) and #vim.diagnostic.get(0, { namespace = id }) > 0 then
        return vim.diagnostic.is_enabled({ bufnr = 0, ns_id = id })
      end
    end
  end
  equal(shown(), true, 'before')
  vim.cmd('Lectern toggle')
  equal(shown(), false, 'hidden')
  vim.cmd('Lectern toggle')
  equal(shown(), true, 'shown')
end)

test('restart', function()
  progress()
  local before = server().id
  vim.cmd('Lectern restart')
  await('another server', function()
    return server() and server().id ~= before
  end)
  await('lost-update', function()
    return found()['lost-update']
  end)
end)

test('a killed server can be started again', function()
  progress()
  local before = server()
  local children = vim.api.nvim_get_proc_children(vim.fn.getpid())
  for _, pid in ipairs(children) do
    if (vim.api.nvim_get_proc(pid) or {}).name == 'lectern' then
      vim.uv.kill(pid, 'sigkill')
    end
  end
  await('its end', function()
    return not server()
  end)
  messages = {}
  vim.cmd('Lectern lesson')
  contains(table.concat(messages, '\n'), 'no server is running')
  progress()
  assert(server().id ~= before.id)
end)

test('log', function()
  vim.cmd('Lectern log')
  contains(vim.api.nvim_buf_get_name(0), 'lsp.log')
  vim.cmd.tabclose()
end)

test('wrong words', function()
  for command, want in pairs({
    ['Lectern leson'] = 'no :Lectern leson',
    ['Lectern restart now'] = 'takes no argument',
    ['Lectern lesson a b'] = 'takes one argument',
    ['Lectern places'] = 'needs the id of a lesson',
  }) do
    messages = {}
    vim.cmd(command)
    contains(table.concat(messages, '\n'), want)
  end
end)

test('health', function()
  progress()
  vim.cmd('checkhealth lectern')
  local report = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  contains(report, vim.env.LECTERN_BIN)
  contains(report, 'course advanced-rust')
  assert(not report:find('ERROR'), report)
  vim.cmd.bwipeout({ bang = true })
end)

test('help', function()
  vim.cmd.helptags(vim.fn.fnamemodify(vim.api.nvim_get_runtime_file('doc/lectern.txt', false)[1], ':h'))
  for _, topic in ipairs({ 'lectern', ':Lectern-chapter', 'lectern.enable()', 'lectern-settings' }) do
    vim.cmd.help(topic)
    contains(vim.api.nvim_buf_get_name(0), 'doc/lectern.txt')
  end
  vim.cmd.helpclose()
end)

test('roots', function()
  local client = require('lectern.client')
  edit('src/progress.rs')
  equal(client.root(0), vim.uv.fs_realpath(demo), 'a file of the crate')
  vim.fn.mkdir(demo .. '/nested/src', 'p')
  vim.fn.writefile({ '[package]', 'name = "nested"' }, demo .. '/nested/Cargo.toml')
  vim.fn.writefile({ 'fn main() {}' }, demo .. '/nested/src/main.rs')
  edit('nested/src/main.rs')
  equal(client.root(0), vim.uv.fs_realpath(demo), 'a crate in the workspace of a Cargo.lock')
  vim.fn.writefile({}, demo .. '/nested/lectern.yaml')
  equal(client.root(0), vim.uv.fs_realpath(demo .. '/nested'), 'beside lectern.yaml')
  edit('Cargo.toml')
  await('a client for Cargo.toml', server)
  vim.fn.writefile({ 'a = 1' }, demo .. '/other.toml')
  edit('other.toml')
  vim.bo.filetype = 'toml'
  equal(client.root(0), nil, 'a TOML file that is no manifest')
  equal(server(), nil, 'client for it')
end)

test('settings of the user', function()
  progress()
  for _, one in ipairs(vim.lsp.get_clients({ name = 'lectern' })) do
    one.settings = { lectern = { hints = { ['lost-update'] = 'off' } } }
    require('lectern.client').notify(one, 'workspace/didChangeConfiguration', { settings = one.settings })
  end
  await('no lost-update', function()
    return not found()['lost-update']
  end)
  for _, one in ipairs(vim.lsp.get_clients({ name = 'lectern' })) do
    one.settings = { lectern = vim.empty_dict() }
    require('lectern.client').notify(one, 'workspace/didChangeConfiguration', { settings = one.settings })
  end
  await('lost-update again', function()
    return found()['lost-update']
  end)
end)

test('status line', function()
  progress()
  vim.fn.writefile({ 'hints: {lost-updat: off}' }, demo .. '/lectern.yaml')
  await('a warning', function()
    return require('lectern').status():find('warning', 1, true)
  end)
  contains(require('lectern').status(), 'lost-update')
  vim.fn.delete(demo .. '/lectern.yaml')
  await('all well', function()
    return require('lectern').status() == ''
  end)
end)

local only = vim.env.LECTERN_TEST
local failed = 0
for _, name in ipairs(order) do
  if not only or vim.iter(vim.split(only, ',')):any(function(part)
    return name:find(part, 1, true) ~= nil
  end) then
    messages = {}
    local good, why = xpcall(tests[name], debug.traceback)
    if good then
      out('ok ' .. name)
    else
      failed = failed + 1
      out(('not ok %s: %s'):format(name, why))
    end
  end
end
for _, one in ipairs(vim.lsp.get_clients({ name = 'lectern' })) do
  require('lectern.client').stop(one)
end
await('the end of the servers', function()
  return #vim.lsp.get_clients({ name = 'lectern' }) == 0
end)
vim.cmd(failed == 0 and 'qall!' or 'cquit!')
