// SPDX-FileCopyrightText: 2026 The Linnet developers
// SPDX-License-Identifier: BSD-3-Clause
#include <linnet/nn/transformer/transformer_graph.hpp>

#include <linnet/core/error.hpp>

namespace linnet::nn {

namespace {

class Builder {
public:
  explicit Builder(const TransformerOptions& options) : o_(options) { graph_.dimension = 2; }

  Graph run() {
    const std::string data = input("data", o_.data_channels), data_time = input("data.time"),
                      data_valid = input("data.valid");
    std::string symbol, symbol_place, symbol_valid;
    if (o_.symbols > 0) {
      symbol = input("symbol");
      symbol_place = input("symbol.place");
      symbol_valid = input("symbol.valid");
    }
    const std::string output_time = input("output.time");
    std::string tokens = encoder(
        "data",
        add("data.start", "add",
            {perceptron("data.in", data, o_.width), perceptron("time", data_time, o_.width)}),
        data_valid, o_.data_layers);
    std::string valid = data_valid;
    if (o_.symbols > 0) {
      const std::string start = add("symbol.start", "add",
                                    {embedding("symbol.word", symbol, o_.symbols),
                                     embedding("symbol.position", symbol_place, o_.symbol_places)});
      const std::string symbols = encoder("symbol", start, symbol_valid, o_.symbol_layers);
      // The biases of the two last normalisations tell both kinds apart.
      tokens = join("fusion.start", tokens, symbols);
      valid = join("fusion.valid", valid, symbol_valid);
    }
    tokens = encoder("fusion", tokens, valid, o_.fusion_layers);
    graph_.output = perceptron(
        "result", decoder(perceptron("output", output_time, o_.width), tokens, valid), o_.outputs);
    return std::move(graph_);
  }

private:
  std::string add(const std::string& id, const std::string& op, const std::vector<std::string>& in,
                  const std::map<std::string, int>& attributes = {}) {
    graph_.nodes.push_back({id, op, in, attributes});
    return id;
  }
  std::string input(const std::string& id, int channels = 1) {
    return add(id, "input", {}, {{"channels", channels}});
  }
  std::string dense(const std::string& id, const std::string& x, int units) {
    return add(id, "dense", {x}, {{"units", units}});
  }
  std::string embedding(const std::string& id, const std::string& x, int rows) {
    return add(id, "embedding", {x}, {{"rows", rows}, {"channels", o_.width}});
  }
  std::string join(const std::string& id, const std::string& a, const std::string& b) {
    return add(id, "join", {a, b}, {{"first", o_.data_tokens}});
  }
  std::string norm(const std::string& id, const std::string& x) {
    return add(id, "layer_norm", {x});
  }
  /// Two dense layers with GELU between them, as wide as what comes out.
  std::string perceptron(const std::string& name, const std::string& x, int units) {
    return dense(name + ".2", add(name + ".act", "gelu", {dense(name + ".1", x, o_.width)}), units);
  }

  /// x + W attention(Q n, K m, V m), with n the normalised x and m the @p memory, or n where there
  /// is none.
  std::string attend(const std::string& name, const std::string& x, const std::string& memory,
                     const std::string& valid) {
    const std::string n = norm(name + ".norm", x), m = memory.empty() ? n : memory;
    const std::string q = dense(name + ".query", n, o_.width),
                      k = dense(name + ".key", m, o_.width),
                      v = dense(name + ".value", m, o_.width);
    const std::string a =
        add(name + ".attention", "attention", {q, k, v, valid}, {{"heads", o_.heads}});
    return add(name + ".sum", "add", {dense(name + ".out", a, o_.width), x});
  }
  /// x + W2 gelu(W1 n) with n the normalised x.
  std::string transform(const std::string& name, const std::string& x) {
    const std::string h = dense(name + ".1", norm(name + ".norm", x), o_.hidden);
    return add(name + ".sum", "add",
               {dense(name + ".2", add(name + ".act", "gelu", {h}), o_.width), x});
  }
  std::string stack(const std::string& name, std::string x, const std::string& memory,
                    const std::string& valid, int layers) {
    for (int l = 1; l <= layers; ++l) {
      const std::string at = name + "." + std::to_string(l);
      x = transform(at + ".mlp", attend(at + ".heads", x, memory, valid));
    }
    return norm(name + ".norm", x);
  }
  std::string encoder(const std::string& name, const std::string& x, const std::string& valid,
                      int layers) {
    return stack(name, x, "", valid, layers);
  }
  std::string decoder(const std::string& x, const std::string& memory, const std::string& valid) {
    return stack("decoder", x, memory, valid, o_.decoder_layers);
  }

  const TransformerOptions& o_;
  Graph graph_;
};

} // namespace

Graph transformer_graph(const TransformerOptions& options) {
  if (options.heads < 1 || options.width % options.heads != 0)
    core::throw_usage("a transformer of width " + std::to_string(options.width) + " cannot have " +
                      std::to_string(options.heads) + " heads");
  return Builder(options).run();
}

std::int64_t transformer_layer_parameters(const TransformerOptions& options) {
  const std::int64_t w = options.width, h = options.hidden;
  return 4 * (w * w + w) + 2 * w * h + h + w + 4 * w;
}

} // namespace linnet::nn
