// SPDX-License-Identifier: Apache-2.0
package io.dvdi.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dvdi.json.JsonTree;
import io.dvdi.lifecycle.Evidence;
import io.dvdi.lifecycle.Moment;
import io.dvdi.lifecycle.MountId;
import io.dvdi.lifecycle.MountId.MountCall;
import io.dvdi.lifecycle.MountId.UnmountCall;
import io.dvdi.lifecycle.Terms;
import io.dvdi.lifecycle.Trouble;
import io.dvdi.lifecycle.VolumeRecord;
import io.dvdi.lifecycle.Whereabouts;
import io.dvdi.volume.ContainerId;
import io.dvdi.volume.InvalidRequestException;
import io.dvdi.volume.Options;
import io.dvdi.volume.VolumeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A record as JSON. Field by field and not by reflection, so that the file's form changes only on
 * purpose.
 */
final class RecordJson {
  private static final int VERSION = 2;

  /** Deeper than any record; a file that is not one must cost no more than itself. */
  private static final int DEEPEST = 16;

  /** Of a field's name, in characters: an option's may be as long as all options of a volume. */
  private static final int LONGEST_NAME = 64 * 1024;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNameLength(LONGEST_NAME)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private RecordJson() {}

  static byte[] write(VolumeRecord record) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("version", VERSION);
    spelling(node, record.id());
    node.put("service", record.terms().service());
    ObjectNode options = node.putObject("options");
    record.terms().options().given().values().forEach(options::put);
    Options defaults = record.terms().options().defaults();
    if (!defaults.isEmpty()) {
      ObjectNode defaultOptions = node.putObject("default_options");
      defaults.values().forEach(defaultOptions::put);
    }
    node.put("read_only", record.terms().readOnly());
    node.put("host_directory", record.terms().hostDirectory());
    node.put("keeps_account", record.terms().keepsAccount());
    ArrayNode users = node.putArray("containers");
    record.users().forEach(user -> users.add(user.value()));
    ArrayNode mountIds = node.putArray("mount_ids");
    record.mountIds().forEach(mountId -> write(mountIds.addObject(), mountId));
    Whereabouts where = record.where();
    where.path().ifPresent(path -> node.put("mountpoint", path));
    node.put("mountpoint_named_before", where.pathNamedBefore());
    where.mount().ifPresent(mount -> write(node.putObject("mounted"), mount));
    write(node.putObject("first_announced"), where.firstAnnounced());
    write(node.putObject("last_announced"), where.lastAnnounced());
    if (record.trouble().times() > 0) {
      node.putObject("trouble")
          .put("since_ms", record.trouble().since())
          .put("times", record.trouble().times())
          .put("words", record.trouble().words());
    }
    return JsonTree.pretty(JSON, node);
  }

  private static void spelling(ObjectNode node, VolumeId id) {
    node.put("driver", id.driver());
    node.put("name", id.name());
  }

  private static void write(ObjectNode node, MountId mountId) {
    node.put("id", mountId.value());
    spelling(node, mountId.spelling());
    node.put("mount", mountId.mount().name());
    node.put("unmount", mountId.unmount().name());
    node.put("doubt_ends_ms", mountId.doubtEnds());
  }

  private static void write(ObjectNode node, Evidence mount) {
    node.put("namespace", mount.namespace());
    node.put("unique_id", mount.uniqueId());
    node.put("mount_id", mount.mountId());
    node.put("device", mount.device());
    node.put("root", mount.root());
    node.put("mountpoint", mount.mountpoint());
  }

  private static void write(ObjectNode node, Moment moment) {
    node.put("namespace", moment.namespace());
    node.put("newest_id", moment.newestId());
    node.put("path_known", moment.pathKnown());
    moment.atPath().ifPresent(mount -> write(node.putObject("at_path"), mount));
    moment.newest().ifPresent(mount -> write(node.putObject("newest"), mount));
  }

  /**
   * What was read.
   *
   * @param bootId of the boot in which it was written; absent in a record of this version, which
   *     lies in a folder of its boot
   */
  record Read(VolumeRecord record, Optional<String> bootId) {}

  /**
   * @throws CorruptRecordException if it is no record
   * @throws NewerRecordException if it is one that only a newer version can read
   */
  static Read read(byte[] bytes) throws IOException {
    try {
      Fields fields = new Fields(tree(bytes));
      long version = fields.number("version");
      if (version > VERSION) {
        throw new NewerRecordException((int) version, VERSION);
      }
      if (version == 1) {
        return new Read(FirstRecord.read(fields), Optional.of(fields.text("boot_id")));
      }
      if (version != VERSION) {
        throw new CorruptRecordException("its version is " + version + ", not " + VERSION);
      }
      return new Read(record(fields), Optional.empty());
    } catch (JsonProcessingException e) {
      // Jackson's own text quotes what it met, which may be an option's value.
      throw new CorruptRecordException(
          "it is not valid JSON from line %d, column %d on"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IllegalArgumentException | InvalidRequestException e) {
      throw new CorruptRecordException(
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
    }
  }

  private static JsonNode tree(byte[] bytes) throws IOException {
    try (JsonParser json = JSON.createParser(bytes)) {
      JsonNode tree = JsonTree.next(json);
      if (json.nextToken() != null) {
        throw new CorruptRecordException("something follows its JSON object");
      }
      return tree;
    }
  }

  private static VolumeRecord record(Fields fields) {
    List<MountId> mountIds = new ArrayList<>();
    for (Fields mountId : fields.objects("mount_ids")) {
      mountIds.add(
          new MountId(
              mountId.text("id"),
              id(mountId),
              MountCall.valueOf(mountId.text("mount")),
              UnmountCall.valueOf(mountId.text("unmount")),
              mountId.number("doubt_ends_ms")));
    }
    return new VolumeRecord(
        id(fields),
        new Terms(
            fields.text("service"),
            options(fields),
            fields.flag("read_only"),
            fields.flag("host_directory"),
            fields.flag("keeps_account")),
        users(fields),
        List.copyOf(mountIds),
        new Whereabouts(
            fields.optionalText("mountpoint"),
            fields.flag("mountpoint_named_before"),
            fields.object("mounted").map(RecordJson::evidence),
            moment(fields.required("first_announced")),
            moment(fields.required("last_announced"))),
        fields
            .object("trouble")
            .map(
                trouble ->
                    new Trouble(
                        trouble.number("since_ms"),
                        (int) trouble.number("times"),
                        trouble.text("words")))
            .orElse(Trouble.NONE));
  }

  static VolumeId id(Fields fields) {
    return new VolumeId(fields.text("driver"), fields.text("name"));
  }

  static Options options(Fields fields) {
    return Options.of(fields.texts("options"))
        .withDefaults("options", Options.of(fields.optionalTexts("default_options")));
  }

  static List<ContainerId> users(Fields fields) {
    return fields.list("containers").stream().map(ContainerId::new).toList();
  }

  private static Evidence evidence(Fields mount) {
    return new Evidence(
        mount.number("namespace"),
        mount.number("unique_id"),
        mount.number("mount_id"),
        mount.text("device"),
        mount.text("root"),
        mount.text("mountpoint"));
  }

  private static Moment moment(Fields moment) {
    return new Moment(
        moment.number("namespace"),
        moment.number("newest_id"),
        moment.flag("path_known"),
        moment.object("at_path").map(RecordJson::evidence),
        moment.object("newest").map(RecordJson::evidence));
  }
}
