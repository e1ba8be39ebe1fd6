// Writes a copy of Dear ImGui without what our use of it never reaches: we draw into its background list
// and render that; windows, input, navigation and settings stay unused (src/ui/widgets/ui.cc). The linker
// cannot know: NewFrame calls them all behind flags we never set. 56 KB brotli less.
//   node cmake/trim-imgui.mjs IMGUI_DIR OUT_DIR
// Only ui.wasm is built with it. An edit that does not fit the version found is left out, with a warning:
// the program is the same, only larger (and node cmake/build-client.mjs --check may then fail).
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [from, to] = process.argv.slice(2);
if (!from || !to) {
  console.error('usage: trim-imgui.mjs IMGUI_DIR OUT_DIR');
  process.exit(2);
}

// Each edit: what stands there once, and what stands there instead. An edit of three cuts from the first
// text up to the second, which stays.
const EDITS = {
  'imgui.cpp': [
    // No .ini file, words of its own, clipboard, shell or input method.
    ['        ImGuiSettingsHandler ini_handler;\n', '    }\n    TableSettingsAddSettingsHandler();\n', ''],
    ['    TableSettingsAddSettingsHandler();\n', ''],
    ['    LocalizeRegisterEntries(GLocalizationEntriesEnUS, IM_ARRAYSIZE(GLocalizationEntriesEnUS));\n', ''],
    ['    // Setup default ImGuiPlatformIO clipboard/IME handlers.\n', '\n    // Create default viewport', ''],
    ['\n    UpdateSettings();\n', '\n'],
    // No input: fingers are ours, the keyboard is on the mirrored elements.
    ['    UpdateInputEvents(g.IO.ConfigInputTrickleEventQueue);\n', ''],
    ['\n    UpdateKeyboardInputs();\n', '\n'],
    ['\n    NavUpdate();\n', '\n'],
    ['\n    UpdateMouseInputs();\n', '\n'],
    ['    UpdateHoveredWindowAndCaptureFlags(g.IO.MousePos);\n', ''],
    ['    UpdateMouseMovingWindowNewFrame();\n', ''],
    ['\n    UpdateMouseWheel();\n', '\n'],
    ['\n    NavEndFrame();\n', '\n'],
    ['    UpdateMouseMovingWindowEndFrame();\n', ''],
    ['        RenderMouseCursor(g.IO.MousePos, g.Style.MouseCursorScale, g.MouseCursor, IM_COL32_WHITE, IM_COL32_BLACK, IM_COL32(0, 0, 0, 48));\n', '        (void)0;\n'],
    // No item is active or dragged.
    ['    // Drag and drop keep the source ID alive', '    // [DEBUG]\n    if (!g.IO.ConfigDebugHighlightIdConflicts', ''],
    ['        IMGUI_DEBUG_LOG_ACTIVEID("NewFrame(): ClearActiveID() because it isn\'t marked alive anymore!\\n");\n        ClearActiveID();\n', ''],
    ['    // Drag and Drop: Elapse payload', '    // End frame\n    g.WithinFrameScope = false;', ''],
    // No window, not even the one that catches strays; no tables.
    ['            GcCompactTransientWindowBuffers(window);\n    }\n\n    // Find hovered', '            (void)0;\n    }\n\n    // Find hovered'],
    ['            TableGcCompactTransientBuffers(g.Tables.GetByIndex(i));\n', '            (void)0;\n'],
    ['            TableGcCompactTransientBuffers(&table_temp_data);\n', '            (void)0;\n'],
    ['        GcCompactTransientMiscBuffers();\n    g.GcCompactAll = false;\n', '        (void)0;\n'],
    ['        FocusTopMostWindowUnderOne(NULL, NULL, NULL, ImGuiFocusRequestFlags_RestoreFocusedChild);\n', '        g.NavWindow = NULL;\n'],
    ['    SetNextWindowSize(ImVec2(400, 400), ImGuiCond_FirstUseEver);\n    Begin("Debug##Default");\n', ''],
    ['    ErrorRecoveryStoreState(&g.StackSizesInNewFrame);\n\n    // [DEBUG] When', '\n    // [DEBUG] When'],
    ['        ErrorRecoveryTryToRecoverState(&g.StackSizesInNewFrame);\n', '        (void)0;\n'],
    ['    ErrorCheckEndFrameFinalizeErrorTooltip();\n\n', '\n'],
    ['    if (g.CurrentWindow && !g.CurrentWindow->WriteAccessed)\n        g.CurrentWindow->Active = false;\n    End();\n', ''],
    ['        AddWindowToSortBuffer(&g.WindowsTempSortBuffer, window);\n    }\n\n    // This', '    }\n\n    // This'],
    ['\n    RenderDimmedBackgrounds();\n', '\n'],
    ['            AddRootWindowToDrawData(window);\n    }\n', '            (void)0;\n    }\n'],
    ['            AddRootWindowToDrawData(windows_to_render_top_most[n]);\n', '            (void)0;\n'],
  ],
  'imgui_draw.cpp': [],  // it takes imstb_truetype.h from its own folder
  // Our fonts are TrueType, not PostScript.
  'imstb_truetype.h': [
    ['      if (!cff) return 0;\n', '      return 0;\n'],
    ['   if (info->cff.size) {\n      stbtt__GetGlyphInfoT2', '   if (0) {\n      stbtt__GetGlyphInfoT2'],
    ['   if (info->cff.size)\n      return stbtt__GetGlyphInfoT2', '   if (0)\n      return stbtt__GetGlyphInfoT2'],
    ['   if (!info->cff.size)\n      return stbtt__GetGlyphShapeTT', '   if (1)\n      return stbtt__GetGlyphShapeTT'],
  ],
};

mkdirSync(to, { recursive: true });
for (const [file, edits] of Object.entries(EDITS)) {
  let text = readFileSync(join(from, file), 'utf8');
  for (const [first, ...rest] of edits) {
    const wanted = rest.pop();
    const start = text.indexOf(first);
    const end = rest.length === 0 ? start + first.length : text.indexOf(rest[0], start);
    if (start >= 0 && end >= 0 && text.indexOf(first, start + 1) < 0) {
      text = text.slice(0, start) + wanted + text.slice(end);
    } else {
      console.error(`trim-imgui: warning: ${file} of this version of Dear ImGui has not once: ${first.trim().split('\n')[0]}`);
    }
  }
  const target = join(to, file);
  if (!existsSync(target) || readFileSync(target, 'utf8') !== text) writeFileSync(target, text);  // else nothing is compiled anew
}
