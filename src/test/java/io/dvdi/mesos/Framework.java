// SPDX-License-Identifier: Apache-2.0
package io.dvdi.mesos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A framework on the v1 scheduler API: it starts tasks and remembers what it is told of each. Its
 * tasks are checkpointed, so that they outlive their agent.
 */
final class Framework implements AutoCloseable {
  private static final long LONGEST_SECONDS = 60;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI api;
  private final String stream;
  private final String id;
  private final Map<String, String> offers = new LinkedHashMap<>(); // ID to agent
  private final Map<String, List<Status>> statuses = new HashMap<>();
  private final Map<String, String> agents = new HashMap<>(); // of each task

  Framework(int masterPort) throws IOException, InterruptedException {
    api = Http.at(masterPort, "/api/v1/scheduler");
    ObjectNode subscribe = Json.object().put("type", "SUBSCRIBE");
    ObjectNode info = subscribe.putObject("subscribe").putObject("framework_info");
    info.put("user", "root").put("name", "dvdi").put("checkpoint", true);
    info.putArray("roles").add("*");
    info.putArray("capabilities").addObject().put("type", "MULTI_ROLE");
    HttpResponse<InputStream> response = subscribed(subscribe);
    stream = response.headers().firstValue("Mesos-Stream-Id").orElseThrow();
    EventStream events = new EventStream(response.body());
    JsonNode subscribed = events.next().orElseThrow();
    id = subscribed.path("subscribed").path("framework_id").path("value").asText();
    Thread reader = new Thread(() -> read(events), "events of " + id);
    reader.setDaemon(true);
    reader.start();
  }

  /** A master that was elected a moment ago reads its registry first, and answers 503. */
  private HttpResponse<InputStream> subscribed(ObjectNode subscribe)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response;
    int tries = 0;
    do {
      if (tries++ > 0) {
        Thread.sleep(100);
      }
      response = client.send(request(subscribe).build(), BodyHandlers.ofInputStream());
    } while (response.statusCode() == 503 && tries < 100);
    assertEquals(200, response.statusCode());
    return response;
  }

  private HttpRequest.Builder request(JsonNode call) {
    return HttpRequest.newBuilder(api)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json")
        .POST(BodyPublishers.ofString(call.toString()));
  }

  private void send(ObjectNode call) {
    call.set("framework_id", Json.value(id));
    try {
      HttpResponse<String> response =
          client.send(
              request(call).header("Mesos-Stream-Id", stream).build(), BodyHandlers.ofString());
      assertEquals(202, response.statusCode(), () -> call + ": " + response.body());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void read(EventStream events) {
    try {
      for (Optional<JsonNode> event = events.next(); event.isPresent(); event = events.next()) {
        take(event.get());
      }
    } catch (IOException e) {
      // The master has ended.
    }
  }

  private void take(JsonNode event) {
    switch (event.path("type").asText()) {
      case "OFFERS" ->
          changed(
              () -> {
                for (JsonNode offer : event.path("offers").path("offers")) {
                  offers.put(
                      offer.path("id").path("value").asText(),
                      offer.path("agent_id").path("value").asText());
                }
              });
      case "RESCIND" ->
          changed(
              () -> offers.remove(event.path("rescind").path("offer_id").path("value").asText()));
      case "UPDATE" -> update(event.path("update").path("status"));
      default -> {}
    }
  }

  private synchronized void changed(Runnable change) {
    change.run();
    notifyAll();
  }

  private void update(JsonNode status) {
    String task = status.path("task_id").path("value").asText();
    changed(
        () -> {
          List<Status> known = statuses.computeIfAbsent(task, name -> new ArrayList<>());
          Status now = Status.of(status);
          // An update comes again until it is acknowledged.
          if (known.isEmpty() || !known.get(known.size() - 1).equals(now)) {
            known.add(now);
          }
        });
    if (status.has("uuid")) {
      ObjectNode call = Json.object().put("type", "ACKNOWLEDGE");
      ObjectNode acknowledge = call.putObject("acknowledge");
      acknowledge.set("agent_id", status.path("agent_id"));
      acknowledge.set("task_id", status.path("task_id"));
      acknowledge.set("uuid", status.path("uuid"));
      send(call);
    }
  }

  /** Waits for what the events bring. */
  private synchronized <T> T await(Supplier<String> what, Supplier<Optional<T>> found) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    while (true) {
      Optional<T> result = found.get();
      if (result.isPresent()) {
        return result.get();
      }
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        return fail("not within " + LONGEST_SECONDS + " s: " + what.get());
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Starts tasks on an agent with one call. */
  void launch(String agent, MesosTask... tasks) {
    ObjectNode operation = Json.object().put("type", "LAUNCH");
    ArrayNode infos = operation.putObject("launch").putArray("task_infos");
    for (MesosTask task : tasks) {
      infos.add(task.info(agent));
    }
    accept(agent, operation, tasks);
  }

  /** Starts tasks as containers inside of one executor's container. */
  void launchGroup(String agent, String executor, MesosTask... tasks) {
    ObjectNode operation = Json.object().put("type", "LAUNCH_GROUP");
    ObjectNode group = operation.putObject("launch_group");
    ObjectNode executorInfo = group.putObject("executor").put("type", "DEFAULT");
    executorInfo.set("executor_id", Json.value(executor));
    executorInfo.set("framework_id", Json.value(id));
    executorInfo
        .putArray("resources")
        .add(Json.scalar("cpus", 0.1))
        .add(Json.scalar("mem", 32))
        .add(Json.scalar("disk", 32));
    ArrayNode infos = group.putObject("task_group").putArray("tasks");
    for (MesosTask task : tasks) {
      infos.add(task.info(agent));
    }
    accept(agent, operation, tasks);
  }

  private void accept(String agent, ObjectNode operation, MesosTask... tasks) {
    List<String> taken =
        await(
            () -> "an offer of agent " + agent,
            () -> {
              List<String> mine =
                  offers.entrySet().stream()
                      .filter(offer -> offer.getValue().equals(agent))
                      .map(Map.Entry::getKey)
                      .toList();
              offers.keySet().removeAll(mine);
              return mine.isEmpty() ? Optional.empty() : Optional.of(mine);
            });
    Arrays.stream(tasks).forEach(task -> changed(() -> agents.put(task.name(), agent)));
    ObjectNode call = Json.object().put("type", "ACCEPT");
    ObjectNode accept = call.putObject("accept");
    ArrayNode ids = accept.putArray("offer_ids");
    taken.forEach(offer -> ids.add(Json.value(offer)));
    accept.putArray("operations").add(operation);
    accept.putObject("filters").put("refuse_seconds", 0);
    send(call);
  }

  void kill(String task) {
    ObjectNode call = Json.object().put("type", "KILL");
    ObjectNode kill = call.putObject("kill");
    kill.set("task_id", Json.value(task));
    synchronized (this) {
      kill.set("agent_id", Json.value(agents.getOrDefault(task, "")));
    }
    send(call);
  }

  /** All that was told of a task until now, oldest first. */
  synchronized List<Status> statuses(String task) {
    return List.copyOf(statuses.getOrDefault(task, List.of()));
  }

  private Optional<Status> last(String task) {
    return statuses(task).stream().reduce((earlier, later) -> later);
  }

  /** Waits until the task runs, and fails if it ends before. */
  Status running(String task) {
    Status status =
        await(
            () -> task + " runs; it is said to be " + statuses(task),
            () -> last(task).filter(s -> s.isLast() || s.state().equals("TASK_RUNNING")));
    assertEquals("TASK_RUNNING", status.state(), () -> task + ": " + status);
    return status;
  }

  /** Waits until the task has ended, however. */
  Status ended(String task) {
    return await(
        () -> task + " ends; it is said to be " + statuses(task),
        () -> last(task).filter(Status::isLast));
  }

  /** Waits until the task has ended in this state. */
  Status ended(String task, String state) {
    Status status = ended(task);
    assertEquals(state, status.state(), () -> task + ": " + statuses(task));
    return status;
  }

  /** Ends all that still runs. */
  @Override
  public void close() {
    send(Json.object().put("type", "TEARDOWN"));
  }
}
