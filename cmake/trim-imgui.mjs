// Writes a copy of Dear ImGui's imgui.cpp without what one undecorated window with our own widgets never
// reaches. The linker cannot know: settings, navigation and error recovery are called at run time behind
// flags we never set, and they hold on to tables, popups, tooltips, scrollbars, sscanf. 39 KB brotli less.
//   node cmake/trim-imgui.mjs IMGUI_DIR/imgui.cpp OUT
// Only ui.wasm is built with it. An edit that does not fit the version found is left out, with a warning:
// the program is the same, only larger (and node cmake/build-client.mjs --check may then fail).
import { readFileSync, writeFileSync } from 'node:fs';

const [from, to] = process.argv.slice(2);
if (!from || !to) {
  console.error('usage: trim-imgui.mjs IMGUI_CPP OUT');
  process.exit(2);
}

// What src/ui/widgets/ui.cc opens its window with, and ImGui's own fallback window does no worse with.
const FLAGS = 'ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings | ' +
  'ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoFocusOnAppearing';

const EDITS = [
  // No .ini file.
  ['        AddSettingsHandler(&ini_handler);\n', ''],
  ['        ini_handler.ClearAllFn = WindowSettingsHandler_ClearAll;\n        ini_handler.ReadOpenFn = WindowSettingsHandler_ReadOpen;\n        ini_handler.ReadLineFn = WindowSettingsHandler_ReadLine;\n        ini_handler.ApplyAllFn = WindowSettingsHandler_ApplyAll;\n        ini_handler.WriteAllFn = WindowSettingsHandler_WriteAll;\n', ''],
  ['    TableSettingsAddSettingsHandler();\n', ''],
  ['\n    UpdateSettings();\n', '\n'],
  // No keyboard or gamepad: the browser's focus is on the mirrored elements.
  ['\n    NavUpdate();\n', '\n'],
  ['\n    NavEndFrame();\n', '\n'],
  ['                        NavProcessItem();\n', '                        (void)0;\n'],
  ['            ItemHandleShortcut(id);\n', '            (void)0;\n'],
  // No wheel, no window that moves, takes the focus or is opened and forgotten; no mouse cursor of ours.
  ['\n    UpdateMouseWheel();\n', '\n'],
  ['    UpdateMouseMovingWindowNewFrame();\n', ''],
  ['    UpdateMouseMovingWindowEndFrame();\n', ''],
  ['        FocusTopMostWindowUnderOne(NULL, NULL, NULL, ImGuiFocusRequestFlags_RestoreFocusedChild);\n', '        g.NavWindow = NULL;\n'],
  ['        RenderMouseCursor(g.IO.MousePos, g.Style.MouseCursorScale, g.MouseCursor, IM_COL32_WHITE, IM_COL32_BLACK, IM_COL32(0, 0, 0, 48));\n', '        (void)0;\n'],
  ['\n    RenderDimmedBackgrounds();\n', '\n'],
  ['        SetTooltip("...");\n', ''],
  // No columns, tables or text log.
  ['        EndColumns();\n', '        (void)0;\n'],
  ['            TableGcCompactTransientBuffers(g.Tables.GetByIndex(i));\n', '            (void)0;\n'],
  ['            TableGcCompactTransientBuffers(&table_temp_data);\n', '            (void)0;\n'],
  ['        LogFinish();\n\n    if (window->DC.IsSetPos)', '        (void)0;\n\n    if (window->DC.IsSetPos)'],
  // Begin and End match in our one place.
  ['        ErrorRecoveryTryToRecoverState(&g.StackSizesInNewFrame);\n', '        (void)0;\n'],
  ['        ErrorRecoveryTryToRecoverWindowState(&window_stack_data.StackSizesInBegin);\n', '        (void)0;\n'],
  ['    ErrorCheckEndFrameFinalizeErrorTooltip();\n\n', '\n'],
  ['            Scrollbar(ImGuiAxis_X);\n', '            (void)0;\n'],
  ['            Scrollbar(ImGuiAxis_Y);\n', '            (void)0;\n'],
  ['            if (int auto_fit_mask = UpdateWindowManualResize(window, size_auto_fit, &border_hovered, &border_held, resize_grip_count, &resize_grip_col[0], visibility_rect))', '            if (int auto_fit_mask = 0)'],
  ['            RenderWindowDecorations(window, title_bar_rect, title_bar_is_highlight, handle_borders_and_resize_grips, resize_grip_count, resize_grip_col, resize_grip_draw_size);\n', ''],
  ['                LogToClipboard(0);\n', '                (void)0;\n'],
  // A window's flags as constants: the compiler drops title bar, menu, popup, scrollbars and resizing.
  ['    // Parent window is latched only on the first call to Begin() of the frame,', `    flags = window->Flags = ${FLAGS};\n    // Parent window is latched only on the first call to Begin() of the frame,`],
  ['    // Find or create\n    ImGuiWindow* window = FindWindowByName(name);\n    const bool window_just_created', `    flags = ${FLAGS};\n    ImGuiWindow* window = FindWindowByName(name);\n    const bool window_just_created`],
];

let text = readFileSync(from, 'utf8');
for (const [found, wanted] of EDITS) {
  if (text.split(found).length === 2) {
    text = text.replace(found, () => wanted);
  } else {
    console.error(`trim-imgui: warning: this version of Dear ImGui has ${text.split(found).length - 1} of: ${found.trim().split('\n')[0]}`);
  }
}
writeFileSync(to, text);
