#include "gl_renderer.h"

#include <GLES2/gl2.h>

#include <cstddef>
#include <cstring>
#include <vector>

#include "imgui.h"

namespace titik {
namespace {

enum Attribute : GLuint { kPosition, kUv, kColor };

constexpr const char* kVertexShader =
    "uniform vec2 scale;"
    "attribute vec2 position, uv;"
    "attribute vec4 color;"
    "varying vec2 at;"
    "varying vec4 tint;"
    "void main(){at=uv;tint=color;gl_Position=vec4(position*scale+vec2(-1.,1.),0.,1.);}";
// Half precision would blur glyphs in the far corner of a large atlas.
constexpr const char* kFragmentShader =
    "\n#ifdef GL_FRAGMENT_PRECISION_HIGH\n"
    "precision highp float;\n"
    "#else\n"
    "precision mediump float;\n"
    "#endif\n"
    "uniform sampler2D picture;"
    "varying vec2 at;"
    "varying vec4 tint;"
    "void main(){gl_FragColor=tint*texture2D(picture,at);}";

void add_shader(GLuint program, GLenum kind, const char* source) {
  const GLuint shader = glCreateShader(kind);
  glShaderSource(shader, 1, &source, nullptr);
  glCompileShader(shader);
  glAttachShader(program, shader);
}

const void* offset(std::size_t bytes) { return reinterpret_cast<const void*>(bytes); }

GLuint name_of(ImTextureID id) { return static_cast<GLuint>(id); }

}  // namespace

bool GlRenderer::start() {
  ImGui::GetIO().BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
  GLint most = 0;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &most);
  ImGui::GetPlatformIO().Renderer_TextureMaxWidth = ImGui::GetPlatformIO().Renderer_TextureMaxHeight = most;

  program_ = glCreateProgram();
  add_shader(program_, GL_VERTEX_SHADER, kVertexShader);
  add_shader(program_, GL_FRAGMENT_SHADER, kFragmentShader);
  glBindAttribLocation(program_, kPosition, "position");
  glBindAttribLocation(program_, kUv, "uv");
  glBindAttribLocation(program_, kColor, "color");
  glLinkProgram(program_);
  GLint linked = 0;
  glGetProgramiv(program_, GL_LINK_STATUS, &linked);
  if (!linked) return false;
  scale_ = glGetUniformLocation(program_, "scale");
  glGenBuffers(1, &vertices_);
  glGenBuffers(1, &indices_);

  // One program, one format of vertices, one way of blending: set once, for as long as the context lives.
  glUseProgram(program_);
  glBindBuffer(GL_ARRAY_BUFFER, vertices_);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_);
  for (const Attribute attribute : {kPosition, kUv, kColor}) glEnableVertexAttribArray(attribute);
  constexpr GLsizei kStride = sizeof(ImDrawVert);
  glVertexAttribPointer(kPosition, 2, GL_FLOAT, GL_FALSE, kStride, offset(offsetof(ImDrawVert, pos)));
  glVertexAttribPointer(kUv, 2, GL_FLOAT, GL_FALSE, kStride, offset(offsetof(ImDrawVert, uv)));
  glVertexAttribPointer(kColor, 4, GL_UNSIGNED_BYTE, GL_TRUE, kStride, offset(offsetof(ImDrawVert, col)));
  glEnable(GL_BLEND);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glEnable(GL_SCISSOR_TEST);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  return true;
}

void GlRenderer::draw(const ImDrawData& data) {
  for (ImTextureData* texture : *data.Textures) {
    if (texture->Status != ImTextureStatus_OK) update(*texture);
  }
  const float ratio = data.FramebufferScale.x;
  const float height = data.DisplaySize.y * ratio;
  glViewport(0, 0, static_cast<GLsizei>(data.DisplaySize.x * ratio), static_cast<GLsizei>(height));
  glUniform2f(scale_, 2 / data.DisplaySize.x, -2 / data.DisplaySize.y);
  for (const ImDrawList* list : data.CmdLists) {
    glBufferData(GL_ARRAY_BUFFER, list->VtxBuffer.size_in_bytes(), list->VtxBuffer.Data, GL_STREAM_DRAW);
    glBufferData(GL_ELEMENT_ARRAY_BUFFER, list->IdxBuffer.size_in_bytes(), list->IdxBuffer.Data, GL_STREAM_DRAW);
    for (const ImDrawCmd& command : list->CmdBuffer) {
      const float left = command.ClipRect.x * ratio, right = command.ClipRect.z * ratio;
      const float top = command.ClipRect.y * ratio, bottom = command.ClipRect.w * ratio;
      if (right <= left || bottom <= top || command.ElemCount == 0) continue;
      glScissor(static_cast<GLint>(left), static_cast<GLint>(height - bottom), static_cast<GLsizei>(right - left),
                static_cast<GLsizei>(bottom - top));
      glBindTexture(GL_TEXTURE_2D, name_of(command.GetTexID()));
      glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(command.ElemCount), GL_UNSIGNED_SHORT,
                     offset(command.IdxOffset * sizeof(ImDrawIdx)));
    }
  }
}

// As ImGui's BACKENDS.md asks of a renderer that has textures.
void GlRenderer::update(ImTextureData& texture) {
  if (texture.Status == ImTextureStatus_WantCreate) {
    GLuint name = 0;
    glGenTextures(1, &name);
    glBindTexture(GL_TEXTURE_2D, name);
    for (const GLenum filter : {GLenum{GL_TEXTURE_MIN_FILTER}, GLenum{GL_TEXTURE_MAG_FILTER}}) glTexParameteri(GL_TEXTURE_2D, filter, GL_LINEAR);
    // WebGL 1 draws sizes that are no power of two only with clamping.
    for (const GLenum wrap : {GLenum{GL_TEXTURE_WRAP_S}, GLenum{GL_TEXTURE_WRAP_T}}) glTexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, texture.Width, texture.Height, 0, GL_RGBA, GL_UNSIGNED_BYTE, texture.GetPixels());
    texture.SetTexID(name);
    texture.SetStatus(ImTextureStatus_OK);
  } else if (texture.Status == ImTextureStatus_WantUpdates) {
    glBindTexture(GL_TEXTURE_2D, name_of(texture.TexID));
    std::vector<unsigned char> rows;  // WebGL 1 takes no pitch
    for (const ImTextureRect& part : texture.Updates) {
      const std::size_t pitch = static_cast<std::size_t>(part.w) * static_cast<std::size_t>(texture.BytesPerPixel);
      rows.resize(pitch * part.h);
      for (int y = 0; y < part.h; ++y) std::memcpy(rows.data() + pitch * static_cast<std::size_t>(y), texture.GetPixelsAt(part.x, part.y + y), pitch);
      glTexSubImage2D(GL_TEXTURE_2D, 0, part.x, part.y, part.w, part.h, GL_RGBA, GL_UNSIGNED_BYTE, rows.data());
    }
    texture.SetStatus(ImTextureStatus_OK);
  } else if (texture.Status == ImTextureStatus_WantDestroy && texture.UnusedFrames > 0) {
    const GLuint name = name_of(texture.TexID);
    glDeleteTextures(1, &name);
    texture.SetTexID(ImTextureID_Invalid);
    texture.SetStatus(ImTextureStatus_Destroyed);
  }
}

void GlRenderer::forget() {
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    texture->SetTexID(ImTextureID_Invalid);
    texture->SetStatus(ImTextureStatus_Destroyed);
  }
}

}  // namespace titik
