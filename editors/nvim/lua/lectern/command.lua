-- :Lectern WORD [ARGUMENT]
local client = require('lectern.client')
local M = {}

-- Calls back with a code action at the cursor that runs a command of the server;
-- the user chooses among several.
local function at_cursor(command, none)
  local server = client.need(0)
  if not server then
    return
  end
  local params = vim.lsp.util.make_range_params(0, server.offset_encoding)
  params.context = { diagnostics = {}, triggerKind = 1 }
  client.request(server, 'textDocument/codeAction', params, function(err, actions)
    if err then
      client.say(err.message, vim.log.levels.ERROR)
      return
    end
    local found = vim.tbl_filter(function(action)
      return type(action.command) == 'table' and action.command.command == command
    end, actions or {})
    local function run(action)
      if action then
        client.execute(server, command, action.command.arguments or {})
      end
    end
    if #found == 0 then
      client.say(none)
    elseif #found == 1 then
      run(found[1])
    else
      vim.ui.select(found, {
        prompt = 'Lectern',
        format_item = function(action)
          return action.title
        end,
      }, run)
    end
  end, 0)
end

-- The pages and hints of the course, as the server lists them.
local function listed(server)
  local result, err = client.ask(server, 'workspace/executeCommand', {
    command = 'lectern.listCourse',
    arguments = { vim.uri_from_bufnr(0) },
  }, 5000)
  if not result then
    client.say(err, vim.log.levels.ERROR)
  end
  return result and result.courses or {}
end

local function each_section(courses, visit)
  for _, course in ipairs(courses) do
    for _, chapter in ipairs(course.chapters) do
      for _, section in ipairs(chapter.sections) do
        if section.id ~= '' then
          visit(section, chapter, course)
        end
      end
    end
  end
end

local words = {}

-- A word that shows a page: the one about the code under the cursor, or the one named.
local function page_word(about, command, none, values)
  return {
    about = about,
    run = function(id)
      if not id then
        at_cursor(command, none)
        return
      end
      local server = client.need(0)
      if server then
        client.execute(server, command, { id, vim.uri_from_bufnr(0) })
      end
    end,
    values = values,
  }
end

words.lesson = page_word(
  'the lesson on the code under the cursor, or the one that is named',
  'lectern.openLesson',
  'no lesson is about the code under the cursor',
  function(server)
    local ids = {}
    each_section(listed(server), function(section)
      table.insert(ids, section.id)
    end)
    return ids
  end
)

words.explain = page_word(
  'the hint under the cursor, or the one that is named',
  'lectern.explain',
  'no hint is about the code under the cursor',
  function(server)
    local ids = {}
    each_section(listed(server), function(section)
      for _, hint in ipairs(section.hints) do
        table.insert(ids, hint.id)
      end
    end)
    return ids
  end
)

words.course = {
  about = 'choose a lesson of the course; numbers tell how often the project uses what it teaches',
  run = function()
    local server = client.need(0)
    if not server then
      return
    end
    client.execute(server, 'lectern.occurrences', {}, function(result)
      local counts, items = result.sections, {}
      each_section(listed(server), function(section, chapter)
        table.insert(items, { id = section.id, text = ('%s › %s (%d)'):format(chapter.title, section.title, counts[section.id] or 0) })
      end)
      vim.ui.select(items, {
        prompt = 'Lesson',
        format_item = function(item)
          return item.text
        end,
      }, function(item)
        if item then
          words.lesson.run(item.id)
        end
      end)
    end)
  end,
}

words.places = {
  about = 'the places in the project that a lesson is about, in the quickfix list',
  needed = 'the id of a lesson',
  run = function(id)
    local server = client.need(0)
    if not server then
      return
    end
    client.execute(server, 'lectern.occurrences', { id }, function(result)
      local locations = vim.tbl_map(function(place)
        return { uri = place.uri, range = place.range }
      end, result.places)
      local items = vim.lsp.util.locations_to_items(locations, server.offset_encoding)
      vim.fn.setqflist({}, ' ', { title = 'Lectern: ' .. id, items = items })
      if #items > 0 then
        vim.cmd('botright copen')
      else
        client.say('the project has no place that ' .. id .. ' is about')
      end
    end)
  end,
  values = words.lesson.values,
}

words.chapter = {
  about = 'the chapter that you have reached: later hints are not shown; without one, all are',
  run = function(id)
    local server = client.need(0)
    if not server then
      return
    end
    if id then
      local known = vim.tbl_contains(words.chapter.values(server), id)
      if not known then
        client.say(('the course has no chapter %s'):format(id), vim.log.levels.ERROR)
        return
      end
    end
    for _, one in ipairs(vim.lsp.get_clients({ name = client.name })) do
      local settings = vim.deepcopy(one.settings or {})
      settings.lectern = settings.lectern or {}
      settings.lectern.upTo = id
      if not next(settings.lectern) then
        settings.lectern = vim.empty_dict()
      end
      one.settings = settings
      one.config.settings = settings
      client.notify(one, 'workspace/didChangeConfiguration', { settings = settings })
    end
    client.say(id and ('hints up to chapter ' .. id) or 'hints of all chapters')
  end,
  values = function(server)
    local ids = {}
    for _, course in ipairs(listed(server)) do
      for _, chapter in ipairs(course.chapters) do
        table.insert(ids, chapter.id)
      end
    end
    return ids
  end,
}

words.toggle = {
  about = 'show or hide the hints in this buffer',
  run = function()
    local on = not vim.b.lectern_hidden
    for _, server in ipairs(vim.lsp.get_clients({ name = client.name, bufnr = 0 })) do
      for id, namespace in pairs(vim.diagnostic.get_namespaces()) do
        -- One namespace is for what is pushed, others are for what is pulled.
        local of = namespace.name:match('^nvim%.lsp%.' .. vim.pesc(client.name) .. '%.(%d+)')
          or namespace.name:match('^vim%.lsp%.' .. vim.pesc(client.name) .. '%.(%d+)')
        if tonumber(of) == server.id then
          vim.diagnostic.enable(not on, { bufnr = 0, ns_id = id })
        end
      end
    end
    vim.b.lectern_hidden = on
    client.say(on and 'the hints of this buffer are hidden' or 'the hints of this buffer are shown')
  end,
}

words.restart = {
  about = 'stop the server and start it again',
  run = function()
    local servers = vim.lsp.get_clients({ name = client.name })
    if #servers == 0 then
      client.need(0)
      return
    end
    for _, server in ipairs(servers) do
      local config, buffers = server.config, vim.tbl_keys(server.attached_buffers)
      client.stop(server)
      local waited = 0
      local timer = assert(vim.uv.new_timer())
      timer:start(20, 20, vim.schedule_wrap(function()
        if timer:is_closing() then
          return
        end
        waited = waited + 20
        if not client.stopped(server) then
          if waited == 2000 then
            client.stop(server, true)
          end
          return
        end
        timer:close()
        for _, buf in ipairs(buffers) do
          if vim.api.nvim_buf_is_valid(buf) then
            vim.lsp.start(config, { bufnr = buf })
          end
        end
      end))
    end
  end,
}

words.log = {
  about = "Neovim's log of language servers, with what Lectern writes",
  run = function()
    local path = vim.lsp.log and vim.lsp.log.get_filename and vim.lsp.log.get_filename() or vim.lsp.get_log_path()
    vim.cmd.tabedit(vim.fn.fnameescape(path))
    vim.cmd.normal({ 'G', bang = true })
  end,
}

words.status = {
  about = 'what the server says of itself',
  run = function()
    local server = client.need(0)
    if server then
      client.execute(server, 'lectern.status', {}, function(result)
        vim.api.nvim_echo({ { result.text } }, false, {})
      end)
    end
  end,
}

local function names()
  local list = vim.tbl_keys(words)
  table.sort(list)
  return list
end

--- Runs :Lectern.
---@param call table as nvim_create_user_command gives it
function M.run(call)
  local word = words[call.fargs[1]]
  if not word then
    client.say(('there is no :Lectern %s; there are %s'):format(call.fargs[1], table.concat(names(), ', ')), vim.log.levels.ERROR)
  elseif #call.fargs > 2 or (call.fargs[2] and not word.values) then
    client.say((':Lectern %s takes %s'):format(call.fargs[1], word.values and 'one argument' or 'no argument'), vim.log.levels.ERROR)
  elseif word.needed and not call.fargs[2] then
    client.say((':Lectern %s needs %s'):format(call.fargs[1], word.needed), vim.log.levels.ERROR)
  else
    word.run(call.fargs[2])
  end
end

--- Completes :Lectern.
---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local before = vim.split(line:gsub('^%s*%S*%s+', '', 1), '%s+')
  local candidates = {}
  if #before <= 1 then
    candidates = names()
  elseif #before == 2 and words[before[1]] and words[before[1]].values then
    local server = client.get(0)
    candidates = server and words[before[1]].values(server) or {}
  end
  return vim.tbl_filter(function(name)
    return vim.startswith(name, lead)
  end, candidates)
end

return M
