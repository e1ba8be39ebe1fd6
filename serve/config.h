// Where the server's parts are: from the command line, else the environment, else a configuration file, else the
// default. A file holds secrets and belongs to the server's user alone (docs/operate.md).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "serve/client_address.h"
#include "serve/files.h"
#include "serve/options.h"

namespace titik::serve {

struct Config {
  std::string data = "build/data";  // --data, TITIK_DATA, "data": photos, and the database unless it is elsewhere
  std::string profile;              // --profile, TITIK_PROFILE, "profile"; empty: the one last served from here
  std::string database;             // --database, TITIK_DATABASE, "database": postgresql://…; empty: data/titik.db
  std::string upstream;             // --upstream, TITIK_UPSTREAM, "upstream": upstream_config.h's file; empty: no link
  std::string files;                // --files, TITIK_FILES, "files": "folder", the default, or "database"
  std::string client;               // --client, TITIK_CLIENT, "client": the folder of the built client

  // Where `serve` listens. Ports are digits, and in the file a number too; 0: any that is free.
  std::string host = "127.0.0.1";  // --host, TITIK_HOST, "host"
  std::string port = "8080";       // --port, TITIK_PORT, "port"
  std::string monitor_port;        // --monitor-port, TITIK_MONITOR_PORT, "monitor-port"; empty: no /metrics

  // --trusted-proxies, TITIK_TRUSTED_PROXIES, "trusted-proxies": whose X-Forwarded-For and -Proto count.
  std::string trusted_proxies = std::string(kDefaultTrustedProxies);

  // Where photos are: in the data folder, or in `sql`.
  [[nodiscard]] Result<FileStore> open_files(Sql& sql) const;

  // As Sql::open() takes it.
  [[nodiscard]] std::string database_location() const { return database.empty() ? data + "/titik.db" : database; }
};

// Reads a variable of the environment: "" when it is not set.
using Environment = std::function<std::string(const char* name)>;
std::string process_environment(const char* name);

// "0" to "65535".
bool is_port(std::string_view text);

// The file is --config's, else TITIK_CONFIG's; neither: none is read. kNotFound, kMalformed, kInvalidArgument (an
// unknown member, a wrong type) name file and member in `where`, with a sentence for the operator.
Result<Config> read_config(const Options& options, const Environment& environment);

}  // namespace titik::serve
