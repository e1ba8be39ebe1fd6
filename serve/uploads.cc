#include "serve/uploads.h"

#include "base/json.h"
#include "base/utf8.h"
#include "serve/multipart.h"
#include "serve/routes.h"

namespace titik::serve {
namespace {

constexpr std::size_t kMaxFields = 64 * 1024;  // bytes of all plain fields together
constexpr std::size_t kMaxFileName = 100;      // code points

class FormReceiver : public PartReceiver {
 public:
  explicit FormReceiver(FileStore& store) : store_(store) {}

  Result<Ok> begin(const PartHead& head) override {
    head_ = head;
    value_.clear();
    if (!head.is_file) return Ok{};
    if (form_.files.size() == report::kMaxPhotos) {
      return Error{ErrorCode::kTooLarge, "attachments", "Paling banyak 5 berkas. Kurangi jumlah foto."};
    }
    incoming_.emplace(TRY(store_.receive()));
    received_ = 0;
    return Ok{};
  }

  Result<Ok> data(std::string_view bytes) override {
    if (incoming_) {
      received_ += bytes.size();
      return incoming_->write(bytes);
    }
    field_bytes_ += bytes.size();
    if (field_bytes_ > kMaxFields) return Error{ErrorCode::kTooLarge, "", "Tulisan terlalu panjang."};
    value_ += bytes;
    return Ok{};
  }

  Result<Ok> end() override {
    if (!incoming_) {
      form_.fields[head_.name] = value_;
      return Ok{};
    }
    // A file field in which nothing was chosen: browsers send it without a name and without bytes.
    const bool nothing_chosen = received_ == 0 && head_.file_name.empty();
    if (!nothing_chosen) {
      const KeptFile kept = TRY(incoming_->keep());
      std::string name(prefix_of(clean_text(head_.file_name, Lines::kOne), kMaxFileName));
      form_.files.push_back({kept, std::move(name)});
    }
    incoming_.reset();
    return Ok{};
  }

  UploadedForm take() && { return std::move(form_); }

 private:
  FileStore& store_;
  UploadedForm form_;
  PartHead head_;
  std::string value_;
  std::size_t field_bytes_ = 0;
  std::size_t received_ = 0;
  std::optional<IncomingFile> incoming_;
};

Result<UploadedForm> receive_multipart(App& app, const Request& request, std::string_view boundary) {
  const Error too_large{ErrorCode::kTooLarge, "attachments", "Berkas terlalu besar: paling banyak 5 berkas, 10 MB per berkas."};
  if (request.content_length.value_or(0) > kMaxUploadBody) return too_large;
  FormReceiver receiver(app.files);
  MultipartReader reader(boundary, receiver);
  std::optional<Error> error;
  std::int64_t total = 0;
  const bool complete = request.read_body([&](std::string_view bytes) {
    total += static_cast<std::int64_t>(bytes.size());
    Result<Ok> fed = total > kMaxUploadBody ? Result<Ok>(too_large) : reader.feed(bytes);
    if (!fed.ok()) error = std::move(fed).error();
    return !error.has_value();
  });
  if (error) return std::move(*error);
  if (!complete) return Error{ErrorCode::kMalformed, "", "the body did not come whole"};
  TRY(reader.finish());
  return std::move(receiver).take();
}

}  // namespace

Result<UploadedForm> receive_form(App& app, const Request& request) {
  const std::string type = request.header("Content-Type");
  if (const std::string boundary = multipart_boundary(type); !boundary.empty()) {
    return receive_multipart(app, request, boundary);
  }
  UploadedForm form;
  if (type.starts_with("application/x-www-form-urlencoded")) {
    form.fields = form_fields(TRY(read_body(request, kMaxJsonBody)));
    return form;
  }
  if (type.starts_with("application/json")) {
    const std::string body = TRY(read_body(request, kMaxJsonBody));
    const Json json = TRY(parse_json(body));
    if (!json.is_object()) return Error{ErrorCode::kMalformed, "", "not an object"};
    for (const auto& [key, value] : json.items()) {
      if (const auto text = scalar_text(value)) form.fields[key] = *text;
    }
    return form;
  }
  return Error{ErrorCode::kUnsupported, "Content-Type", "Kirim berkas sebagai multipart/form-data."};
}

std::string safe_file_name(std::string_view name, std::string_view extension) {
  std::string out;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                       c == '-' || c == '_';
    out.push_back(plain ? c : '_');
  }
  if (out.empty() || out.starts_with('.')) out = "berkas." + std::string(extension);
  return out;
}

}  // namespace titik::serve
