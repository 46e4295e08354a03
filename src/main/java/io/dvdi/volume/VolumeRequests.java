// SPDX-License-Identifier: Apache-2.0
package io.dvdi.volume;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** All volumes that a container requests, with variables and in ContainerInfo. */
public final class VolumeRequests {
  private VolumeRequests() {}

  /** As {@link #parse(List, List, RequestRules)}, with strict rules. */
  public static List<VolumeRequest> parse(
      List<Map.Entry<String, String>> environment,
      List<ContainerVolume> volumes,
      String defaultDriver) {
    return parse(environment, volumes, RequestRules.strict(defaultDriver));
  }

  /**
   * Parses all requests of a container.
   *
   * @param environment the task's variables, in their order
   * @param volumes those in its ContainerInfo
   * @return the requests, in which no volume and no container path appears twice
   * @throws InvalidRequestException if a request is invalid
   */
  public static List<VolumeRequest> parse(
      List<Map.Entry<String, String>> environment,
      List<ContainerVolume> volumes,
      RequestRules rules) {
    if (volumes.size() > RequestRules.SLOTS) {
      throw tooMany(volumes.size());
    }
    List<VolumeRequest> requests = EnvironmentVolumes.parse(environment, rules);
    for (int i = 0; i < volumes.size(); i++) {
      requests.add(
          request(volumes.get(i), "volume %d of the task's container".formatted(i + 1), rules));
    }
    List<VolumeRequest> merged = merged(requests, rules.lenient());
    if (merged.size() > RequestRules.SLOTS) {
      throw tooMany(merged.size());
    }
    return numbered(merged);
  }

  private static InvalidRequestException tooMany(int volumes) {
    return new InvalidRequestException(
        "the task requests %d volumes; at most %d are possible"
            .formatted(volumes, RequestRules.SLOTS));
  }

  private static VolumeRequest request(ContainerVolume volume, String field, RequestRules rules) {
    return new VolumeRequest(
        rules
            .identity()
            .apply(
                VolumeId.of(
                    field + ": the driver",
                    volume.driver().orElse(rules.defaultDriver()),
                    field + ": the name",
                    volume.name())),
        Options.of(field, volume.options()),
        Optional.of(ContainerPath.parse(field + ": the container path", volume.containerPath())),
        volume.readOnly(),
        false,
        new VolumeRequest.Origin(field, Optional.empty(), Optional.empty()));
  }

  /**
   * Some versions of Marathon send a volume in both forms; this counts as one request. Otherwise, a
   * volume that is requested twice is an error, as in Mesos' docker/volume: it would be unclear
   * which path, options or mode to use. With lenient rules, a second request without a container
   * path is ignored, as in mesos-module-dvdi.
   */
  private static List<VolumeRequest> merged(List<VolumeRequest> requests, boolean lenient) {
    Map<VolumeId, VolumeRequest> byId = new LinkedHashMap<>();
    Map<ContainerPath, VolumeRequest> byPath = new LinkedHashMap<>();
    for (VolumeRequest request : requests) {
      VolumeRequest other = byId.putIfAbsent(request.id(), request);
      if (other != null) {
        if (other.containerPath().equals(request.containerPath())
            && other.options().equals(request.options())
            && other.readOnly() == request.readOnly()) {
          continue;
        }
        if (lenient && request.containerPath().isEmpty()) {
          continue;
        }
        throw new InvalidRequestException(
            "%s is requested twice, by %s and by %s, with different paths, modes or options; request it once"
                .formatted(request.id(), other.field(), request.field()));
      }
      request
          .containerPath()
          .ifPresent(
              path -> {
                VolumeRequest there = byPath.putIfAbsent(path, request);
                if (there != null) {
                  throw new InvalidRequestException(
                      "%s and %s have the same container path %s; give each its own"
                          .formatted(there.field(), request.field(), path));
                }
              });
    }
    refuseNested(byPath);
    return List.copyOf(byId.values());
  }

  /**
   * The volume that is bound last would cover the other one, or would have no folder to be bound
   * over.
   */
  private static void refuseNested(Map<ContainerPath, VolumeRequest> byPath) {
    byPath.forEach(
        (outer, outside) ->
            byPath.forEach(
                (inner, inside) -> {
                  if (inner.isBelow(outer)) {
                    throw new InvalidRequestException(
                        "the container path %s of %s is inside %s of %s; give each a path of its own"
                            .formatted(inner, inside.field(), outer, outside.field()));
                  }
                }));
  }

  /**
   * Gives each request in ContainerInfo the first free slot, so that the task gets a variable with
   * the mountpoint.
   */
  private static List<VolumeRequest> numbered(List<VolumeRequest> requests) {
    List<String> suffixes =
        IntStream.range(0, RequestRules.SLOTS)
            .mapToObj(slot -> slot == 0 ? "" : "" + slot)
            .toList();
    Set<String> taken = new HashSet<>();
    for (VolumeRequest request : requests) {
      request.slot().ifPresent(slot -> taken.add(slot.equals("0") ? "" : slot));
    }
    List<VolumeRequest> numbered = new ArrayList<>();
    for (VolumeRequest request : requests) {
      numbered.add(
          request.inSlot(
              request.slot().or(() -> suffixes.stream().filter(taken::add).findFirst())));
    }
    return List.copyOf(numbered);
  }
}
