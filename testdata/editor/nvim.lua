-- Neovim, headless, with `unleaked lsp`: nvim --headless -u NONE -S nvim.lua.
-- UNLEAKED is the program, FOLDER a folder with a repository in it. It says what is wrong, and ends with 1 then.
local program, folder = os.getenv('UNLEAKED'), os.getenv('FOLDER')

local function fail(what)
  io.stderr:write('neovim: ' .. what .. '\n')
  vim.cmd('cquit 1')
end

local function await(what, condition)
  if not vim.wait(60000, condition, 20) then fail(what) end
end

local ok, err = pcall(function()
  vim.fn.writefile({ 'x: 1' }, folder .. '/a.yaml')
  vim.cmd('edit ' .. folder .. '/a.yaml')
  local id = vim.lsp.start_client({ name = 'unleaked', cmd = { program, 'lsp' }, root_dir = folder })
  local buffer = vim.api.nvim_get_current_buf()
  vim.lsp.buf_attach_client(buffer, id)
  await('the server does not begin', function() return vim.lsp.get_client_by_id(id).initialized end)

  -- Two characters that take two units of UTF-16 each stand before the token.
  local digits = string.rep('be44a7d0', 7)
  local line = '# 😀😀 UNLEASH_BACKEND_API_TOKEN: default:production.' .. digits
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, { 'x: 1', line })
  local list
  await('a token that was typed is not told', function()
    list = vim.diagnostic.get(buffer)
    return #list == 1
  end)
  local d = list[1]
  if d.lnum ~= 1 or line:sub(d.col + 1, d.end_col) ~= 'default:production.' .. digits then
    fail('the range is not the token: ' .. vim.inspect({ d.lnum, d.col, d.end_col }))
  end
  if d.code ~= 'backend-token' or d.source ~= 'unleaked' then fail('the diagnostic is another: ' .. vim.inspect(d)) end

  local params = { textDocument = vim.lsp.util.make_text_document_params(buffer), position = { line = 1, character = 50 } }
  local hover = vim.lsp.buf_request_sync(buffer, 'textDocument/hover', params, 60000)
  local said = hover and hover[id] and hover[id].result and vim.inspect(hover[id].result.contents) or ''
  if not said:find('Backend token') or said:find(digits:sub(20, 40)) then fail('hover says ' .. said) end

  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, { 'x: 1' })
  await('a token that is gone is still told', function() return #vim.diagnostic.get(buffer) == 0 end)
  vim.lsp.stop_client(id)
end)
if not ok then fail(tostring(err)) end
vim.cmd('qall!')
