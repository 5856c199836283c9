package sh.cinch.simulator.http;

import java.util.List;
import sh.cinch.simulator.world.Content;

/** What a body was that should be a multipart form with files. */
public sealed interface Form {
  record Whole(List<FilePart> files) implements Form {}

  /**
   * The connection ended before the body did.
   *
   * @param files the last of them as far as it came
   */
  record Torn(List<FilePart> files) implements Form {}

  /** Not sent as a multipart form. */
  record Other() implements Form {}

  record Malformed(List<FilePart> files) implements Form {}

  /** Longer than was allowed; the rest of it is read by nobody. */
  record TooLarge(List<FilePart> files) implements Form {}

  default List<Content> contents() {
    List<FilePart> files =
        switch (this) {
          case Whole(var all) -> all;
          case Torn(var some) -> some;
          case Other() -> List.of();
          case Malformed(var some) -> some;
          case TooLarge(var some) -> some;
        };
    return files.stream().map(FilePart::content).toList();
  }
}
