#include "fabric/node_client.h"

#include <exception>
#include <utility>

namespace fabric {

NodeClient::NodeClient(base::Endpoint node, std::unique_ptr<NodeLink> link)
    : node_(std::move(node)), link_(std::move(link)) {}

NodeClient::~NodeClient() { cancel(); }

void NodeClient::cancel() noexcept {
  link_->cancel();
  thread_.stop();
}

void NodeClient::ask(Question question, base::Deadline deadline, Done done) {
  thread_.run([this, question = std::move(question), deadline, done = std::move(done)] {
    work(question, deadline, done);
  });
}

void NodeClient::work(const Question& question, base::Deadline deadline, const Done& done) {
  std::optional<Topology::Content> content;
  std::optional<NodeFailure> failure;
  try {
    content = question([&](const RpcCall& wanted) { return link_->call(wanted, deadline); });
  } catch (const NodeFailure& error) {
    failure = error;
  } catch (const std::exception& error) {
    failure = NodeFailure(NodeFailure::Kind::kPassing, error.what());
  }
  done(std::move(content), std::move(failure));
}

}  // namespace fabric
