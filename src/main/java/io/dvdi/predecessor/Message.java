// SPDX-License-Identifier: Apache-2.0
package io.dvdi.predecessor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A message of Protocol Buffers, as far as its fields are text or messages themselves; numbers are
 * passed over. See "Encoding" in its documentation. A library for so little would be one more to
 * load into the agent.
 */
final class Message {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  /** Far more than one agent's containers have volumes. */
  private static final int MOST_FIELDS = 100_000;

  private record Field(int number, ByteBuffer content) {}

  private final List<Field> fields = new ArrayList<>();

  /**
   * @throws UnreadableException if it is no such message
   */
  Message(ByteBuffer encoded) throws UnreadableException {
    ByteBuffer rest = encoded.slice();
    while (rest.hasRemaining()) {
      int start = rest.position();
      long tag = varint(rest);
      long number = tag >>> 3;
      if (number < 1 || number > 0x1fffffff) {
        throw wrong(start);
      }
      switch ((int) (tag & 7)) {
        case VARINT -> varint(rest);
        case FIXED64 -> slice(rest, Long.BYTES, start);
        case FIXED32 -> slice(rest, Integer.BYTES, start);
        case BYTES -> {
          if (fields.size() == MOST_FIELDS) {
            throw new UnreadableException("it has more than %d entries".formatted(MOST_FIELDS));
          }
          fields.add(new Field((int) number, slice(rest, varint(rest), start)));
        }
        default -> throw wrong(start);
      }
    }
  }

  private static ByteBuffer slice(ByteBuffer rest, long length, int start)
      throws UnreadableException {
    if (length < 0 || length > rest.remaining()) {
      throw wrong(start);
    }
    ByteBuffer content = rest.slice(rest.position(), (int) length);
    rest.position(rest.position() + (int) length);
    return content;
  }

  private static long varint(ByteBuffer rest) throws UnreadableException {
    int start = rest.position();
    long value = 0;
    for (int shift = 0; shift < Long.SIZE && rest.hasRemaining(); shift += 7) {
      byte next = rest.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw wrong(start);
  }

  private static UnreadableException wrong(int position) {
    return new UnreadableException(
        "it is not a valid protobuf message from byte " + position + " on");
  }

  /** The messages of a repeated field. */
  List<Message> messages(int number) throws UnreadableException {
    List<Message> messages = new ArrayList<>();
    for (Field field : fields) {
      if (field.number() == number) {
        messages.add(new Message(field.content()));
      }
    }
    return messages;
  }

  /** The text of a field; of one that is there twice, the last. */
  Optional<String> text(int number) throws UnreadableException {
    Optional<String> text = Optional.empty();
    for (Field field : fields) {
      if (field.number() == number) {
        try {
          text =
              Optional.of(
                  StandardCharsets.UTF_8.newDecoder().decode(field.content().slice()).toString());
        } catch (CharacterCodingException e) {
          throw new UnreadableException("its field %d is not text".formatted(number));
        }
      }
    }
    return text;
  }
}
