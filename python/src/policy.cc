#include "python/src/policy.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

namespace arcas::python {
namespace py = pybind11;

namespace {

constexpr auto kDevices = static_cast<py::ssize_t>(policies::kMostDevices);

std::int64_t wall_ns() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

/// The arrays of a number of nodes. They are filled anew for each call.
class NodeBlock {
 public:
  explicit NodeBlock(std::size_t size) : size_(size) {
    for (const char* name :
         {"index", "zone", "cpu_milli", "cpu_free_milli", "memory_bytes", "memory_free_bytes",
          "pods", "pods_free", "devices", "device_model", "device_free_total_milli"}) {
      py::array_t<std::int64_t> array(static_cast<py::ssize_t>(size));
      columns_.push_back(array.mutable_data());
      add(name, array);
    }
    py::array_t<std::int64_t> free({static_cast<py::ssize_t>(size), kDevices});
    free_ = free.mutable_data();
    add("device_free_milli", free);
  }

  void fill(scheduler::Cluster& cluster, std::span<const NodeId> nodes) {
    for (std::size_t row = 0; row < nodes.size(); ++row) fill(cluster, nodes[row], row);
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const py::dict& arrays() const { return arrays_; }
  py::object object;  // of the type that Python's side has for it

 private:
  void add(const char* name, py::array array) {
    array.attr("flags").attr("writeable") = false;
    arrays_[name] = array;
  }
  void fill(scheduler::Cluster& cluster, NodeId node, std::size_t row) {
    const scheduler::NodeTable::Load& load = cluster.nodes().load(node);
    const policies::NodeView view = cluster.placement()->devices().node_view(node, cluster.nodes());
    const std::int64_t values[] = {
        node.index,
        cluster.nodes()[node].zone.valid() ? std::int64_t{cluster.nodes()[node].zone.index} : -1,
        load.cpu,
        load.cpu - load.used_cpu,
        load.memory,
        load.memory - load.used_memory,
        load.pods,
        load.pods - load.used_pods,
        view.device_count,
        view.device_count > 0 ? std::int64_t{view.model} : -1,
        view.device_free()};
    for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i][row] = values[i];
    std::copy(view.free.begin(), view.free.end(), free_ + row * policies::kMostDevices);
  }

  std::size_t size_;
  py::dict arrays_;
  std::vector<std::int64_t*> columns_;
  std::int64_t* free_ = nullptr;
};

std::string traceback_of(const py::error_already_set& error) {
  try {
    const auto format = py::module_::import("traceback").attr("format_exception");
    return py::str("")
        .attr("join")(format(error.type(), error.value(), error.trace()))
        .cast<std::string>();
  } catch (const std::exception&) {  // it was no exception object yet
    return error.what();
  }
}

}  // namespace

/// What the policy answered is not an answer.
class BadAnswer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class PythonSession final : public scheduler::PolicySession {
 public:
  explicit PythonSession(NativePolicy& policy) : policy_(policy) {}
  ~PythonSession() override {
    const py::gil_scoped_acquire gil;
    one_.reset();
    many_.reset();
  }

  bool rate(const scheduler::PolicyQuestion& question, std::span<const NodeId> nodes,
            std::span<double> scores) override {
    return guarded(question, [&] {
      const py::object arrays = arrays_of(question.cluster, nodes);
      const py::object pod = pod_of(question, !policy_.row_wise_);
      std::fill(scores.begin(), scores.end(), 0.0);
      if (!policy_.score_.is_none()) {
        const auto answer = array_of<double>(policy_.score_(arrays, pod), nodes.size(), "score");
        std::copy_n(answer.data(), nodes.size(), scores.data());
      }
      if (!policy_.filter_.is_none()) {
        const auto answer = booleans_of(policy_.filter_(arrays, pod), nodes.size());
        for (std::size_t i = 0; i < nodes.size(); ++i) {
          if (!answer.data()[i]) scores[i] = kRefused;
        }
      }
      for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (scores[i] == kRefused && !policy_.filter_.is_none()) continue;
        if (!std::isfinite(scores[i])) {
          throw BadAnswer("score gave " + name_of(scores[i]) + " for node " +
                          std::to_string(nodes[i].index) + "; allowed: finite numbers");
        }
      }
    });
  }

  std::optional<std::size_t> select(const scheduler::PolicyQuestion& question,
                                    std::span<const NodeId> nodes,
                                    std::span<const double> scores) override {
    std::optional<std::size_t> chosen;
    guarded(question, [&] {
      const py::object arrays = arrays_of(question.cluster, nodes);
      py::array_t<double> rated(static_cast<py::ssize_t>(scores.size()), scores.data());
      const py::object answer = policy_.select_(arrays, pod_of(question, true), rated);
      if (answer.is_none()) return;
      if (PyIndex_Check(answer.ptr()) == 0) {
        throw BadAnswer("select gave " + py::repr(answer).cast<std::string>().substr(0, 200) +
                        "; allowed: a value of nodes.index, or None");
      }
      const auto index = py::int_(answer).cast<std::int64_t>();
      const auto at = std::find_if(nodes.begin(), nodes.end(), [index](NodeId node) {
        return std::int64_t{node.index} == index;
      });
      if (at == nodes.end()) {
        throw BadAnswer("select gave node " + std::to_string(index) +
                        ", which is infeasible; allowed: a value of nodes.index, or None");
      }
      chosen = static_cast<std::size_t>(at - nodes.begin());
    });
    return chosen;
  }

 private:
  template <class Call>
  bool guarded(const scheduler::PolicyQuestion& question, Call call) {
    const py::gil_scoped_acquire gil;
    if (policy_.failed_) return false;
    ++policy_.calls_;
    policy_.busy_since_ns_ = wall_ns();
    try {
      call();
      policy_.busy_since_ns_ = 0;
      return true;
    } catch (py::error_already_set& error) {
      policy_.busy_since_ns_ = 0;
      const std::string text = traceback_of(error);
      policy_.fail(question, text, error.value() ? py::object(error.value()) : py::none());
    } catch (const std::exception& error) {
      policy_.busy_since_ns_ = 0;
      policy_.fail(question, error.what(), py::none());
    }
    return false;
  }

  py::object arrays_of(scheduler::Cluster& cluster, std::span<const NodeId> nodes) {
    auto& block = nodes.size() == 1 ? one_ : many_;
    if (block == nullptr || block->size() != nodes.size()) {
      block = std::make_unique<NodeBlock>(nodes.size());
      block->object = policy_.nodes_type_(**block->arrays());
    }
    block->fill(cluster, nodes);
    return block->object;
  }

  py::object pod_of(const scheduler::PolicyQuestion& question, bool itself) {
    const model::PodSpec& spec = question.cluster.catalog().spec(question.pod.spec);
    const policies::PodView& view = question.cluster.placement()->pod(question.pod.spec);
    return policy_.pod_type_(
        spec.requests.get(model::kCpu), spec.requests.get(model::kMemory), view.devices,
        view.device_milli, view.models, spec.workload == model::WorkloadType::vm,
        itself ? py::object(py::int_(question.uid.value)) : py::none(),
        itself ? py::object(py::int_(spec.priority)) : py::none(),
        itself ? py::object(py::float_((question.now - TimePoint{}).seconds())) : py::none());
  }

  static void check_shape(const py::array& array, std::size_t size, const char* what) {
    if (array.ndim() == 1 && static_cast<std::size_t>(array.shape(0)) == size) return;
    std::string shape;
    for (py::ssize_t i = 0; i < array.ndim(); ++i) {
      shape += (i > 0 ? ", " : "") + std::to_string(array.shape(i));
    }
    throw BadAnswer(std::string(what) + " gave an array of shape (" + shape + "); allowed: (" +
                    std::to_string(size) + ",), one entry for each node");
  }

  template <class T>
  static py::array_t<T, py::array::c_style | py::array::forcecast> array_of(
      const py::object& answer, std::size_t size, const char* what) {
    auto array = py::array_t<T, py::array::c_style | py::array::forcecast>::ensure(answer);
    if (!array) {
      PyErr_Clear();
      throw BadAnswer(std::string(what) + " gave " +
                      py::repr(answer).cast<std::string>().substr(0, 200) +
                      "; allowed: an array of numbers, one for each node");
    }
    check_shape(array, size, what);
    return array;
  }

  static py::array_t<bool> booleans_of(const py::object& answer, std::size_t size) {
    const auto array = py::array::ensure(answer);
    if (!array || array.dtype().kind() != 'b') {
      PyErr_Clear();
      throw BadAnswer("filter gave " + py::repr(answer).cast<std::string>().substr(0, 200) +
                      "; allowed: an array of bool, one for each node");
    }
    check_shape(array, size, "filter");
    return py::array_t<bool, py::array::c_style | py::array::forcecast>::ensure(array);
  }

  static std::string name_of(double score) {
    return std::isnan(score) ? "NaN" : std::to_string(score);
  }

  NativePolicy& policy_;
  std::unique_ptr<NodeBlock> one_;   // what is asked about again and again
  std::unique_ptr<NodeBlock> many_;  // of the size asked about last
};

NativePolicy::NativePolicy(py::object filter, py::object score, py::object select, bool row_wise,
                           py::object nodes_type, py::object pod_type)
    : filter_(std::move(filter)),
      score_(std::move(score)),
      select_(std::move(select)),
      nodes_type_(std::move(nodes_type)),
      pod_type_(std::move(pod_type)),
      row_wise_(row_wise),
      failure_(py::none()) {}

std::unique_ptr<scheduler::PolicySession> NativePolicy::open() {
  return std::make_unique<PythonSession>(*this);
}

double NativePolicy::busy_seconds() const {
  const std::int64_t since = busy_since_ns_;
  return since == 0 ? 0.0 : static_cast<double>(wall_ns() - since) / 1e9;
}

void NativePolicy::fail(const scheduler::PolicyQuestion& question, const std::string& text,
                        py::object exception) {
  failure_ = py::make_tuple(text, std::move(exception), question.uid.value,
                            (question.now - TimePoint{}).seconds());
  failed_ = true;
  if (stop_) stop_();
}

py::dict node_arrays(scheduler::Cluster& cluster, std::span<const NodeId> nodes) {
  NodeBlock block(nodes.size());
  block.fill(cluster, nodes);
  return block.arrays();
}

}  // namespace arcas::python
