// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.checkpoint.VolumeRecord.State;
import io.dvdi.mount.MountIdentity;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A record as JSON. Field by field and not by reflection, so that the file's form changes only on
 * purpose.
 */
final class RecordJson {
  private static final int VERSION = 1;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RecordJson() {}

  /**
   * Reads Jackson now: later, there may be no memory, and its jars would be opened for tasks too.
   */
  static void load() {
    ObjectNode unused = JSON.createObjectNode();
  }

  static byte[] write(VolumeRecord record) {
    ObjectNode node = JSON.createObjectNode();
    node.put("version", VERSION);
    node.put("driver", record.id().driver());
    node.put("name", record.id().name());
    node.put("service", record.service());
    ObjectNode options = node.putObject("options");
    record.options().values().forEach(options::put);
    node.put("mount_id", record.mountId());
    node.put("state", record.state().name());
    record.mountpoint().ifPresent(path -> node.put("mountpoint", path.toString()));
    record
        .identity()
        .ifPresent(
            identity ->
                node.putObject("mounted")
                    .put("kernel_mount_id", identity.mountId())
                    .put("device", identity.device()));
    node.put("read_only", record.readOnly());
    node.put("boot_id", record.bootId());
    var users = node.putArray("containers");
    record.users().forEach(user -> users.add(user.value()));
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values cannot fail to be written", e);
    }
  }

  /**
   * @throws CorruptRecordException if it is no record
   * @throws NewerRecordException if it is one that only a newer version can read
   * @throws IOException if it is one that this agent cannot read
   */
  static VolumeRecord read(byte[] bytes) throws IOException {
    try {
      JsonNode node = JSON.readTree(bytes);
      if (!node.isObject()) {
        throw new CorruptRecordException("it holds no JSON object");
      }
      JsonNode version = field(node, "version", JsonNodeType.NUMBER);
      if (version.isInt() && version.intValue() > VERSION) {
        throw new NewerRecordException(version.intValue(), VERSION);
      }
      if (!version.equals(IntNode.valueOf(VERSION))) {
        throw new CorruptRecordException("its version is " + version + ", not " + VERSION);
      }
      Map<String, String> options = new LinkedHashMap<>();
      for (var option : field(node, "options", JsonNodeType.OBJECT).properties()) {
        options.put(
            option.getKey(), typed(option.getValue(), "options", JsonNodeType.STRING).textValue());
      }
      Set<ContainerId> users = new LinkedHashSet<>();
      for (JsonNode user : field(node, "containers", JsonNodeType.ARRAY)) {
        users.add(new ContainerId(typed(user, "containers", JsonNodeType.STRING).textValue()));
      }
      return new VolumeRecord(
          new VolumeId(text(node, "driver"), text(node, "name")),
          text(node, "service"),
          Options.of(options),
          text(node, "mount_id"),
          State.valueOf(text(node, "state")),
          Optional.ofNullable(node.get("mountpoint"))
              .map(path -> Path.of(typed(path, "mountpoint", JsonNodeType.STRING).textValue())),
          Optional.ofNullable(node.get("mounted"))
              .map(
                  mounted ->
                      new MountIdentity(
                          field(mounted, "kernel_mount_id", JsonNodeType.NUMBER).asLong(),
                          text(mounted, "device"))),
          field(node, "read_only", JsonNodeType.BOOLEAN).asBoolean(),
          text(node, "boot_id"),
          users);
    } catch (JsonProcessingException e) {
      // Jackson's own text quotes what it met, which may be an option's value.
      throw new CorruptRecordException(
          "it is no JSON from line %d, column %d on"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (NewerRecordException e) {
      throw e;
    } catch (InvalidPathException e) {
      if (e.getInput().indexOf('\0') >= 0) {
        throw new CorruptRecordException("its mountpoint is no path", e);
      }
      throw new IOException(
          "its mountpoint has letters that the agent's locale does not know; start the agent with"
              + " LC_ALL=C.UTF-8",
          e);
    } catch (IOException | IllegalArgumentException | InvalidRequestException e) {
      throw new CorruptRecordException(
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }
  }

  private static String text(JsonNode object, String name) {
    return field(object, name, JsonNodeType.STRING).textValue();
  }

  private static JsonNode field(JsonNode object, String name, JsonNodeType type) {
    JsonNode value = object.get(name);
    if (value == null) {
      throw new IllegalArgumentException("its field %s is missing".formatted(name));
    }
    return typed(value, name, type);
  }

  private static JsonNode typed(JsonNode value, String name, JsonNodeType type) {
    if (value.getNodeType() != type) {
      // Without the value, which may be an option's.
      throw new IllegalArgumentException(
          "its field %s has a %s where a %s belongs".formatted(name, value.getNodeType(), type));
    }
    return value;
  }
}
