package sh.cinch.forge;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.function.Function;

/** The result of asking a forge for something. */
public sealed interface ForgeResult<T> {

  /** After its time limit a request may still take effect for that long. */
  Duration MAY_STILL_LAND = Duration.ofSeconds(15);

  /**
   * The forge did it.
   *
   * @param httpStatus of the last request
   */
  record Done<T>(T value, OptionalInt httpStatus) implements ForgeResult<T> {

    public Done(T value, int httpStatus) {
      this(value, OptionalInt.of(httpStatus));
    }
  }

  /**
   * Nothing happened, and may yet.
   *
   * @param reason in words, for people
   * @param pause until it is worth another try
   */
  record Later<T>(Cause cause, OptionalInt httpStatus, String reason, Duration pause)
      implements ForgeResult<T> {

    /**
     * The same while it is worth waiting for.
     *
     * @param asked when it was asked for
     * @param next when it would be tried again
     */
    public ForgeResult<T> unlessTooLate(Instant asked, Instant next, Duration longest) {
      return next.isAfter(asked.plus(longest))
          ? new Refused<>(
              cause, httpStatus, "given up after %d days: %s".formatted(longest.toDays(), reason))
          : this;
    }
  }

  /**
   * It may have taken effect, or may yet, for as long as the pause lasts.
   *
   * @param reason in words, for people
   */
  record Unclear<T>(OptionalInt httpStatus, String reason, Duration pause)
      implements ForgeResult<T> {

    /** For those to whom another try makes good whatever became of this one. */
    public Later<T> asLater() {
      return new Later<>(Cause.FORGE, httpStatus, reason, pause);
    }
  }

  /**
   * Trying again cannot help.
   *
   * @param reason in words, for people: what is wrong and what to do
   */
  record Refused<T>(Cause cause, OptionalInt httpStatus, String reason) implements ForgeResult<T> {}

  /** The caller did not let the request begin: {@link Forge#open}. */
  record NotBegun<T>() implements ForgeResult<T> {}

  /** The forge does not accept the authorization itself. */
  default boolean isRejected() {
    return this instanceof Later<T>(Cause cause, OptionalInt status, String reason, Duration pause)
        && cause == Cause.AUTHORIZATION
        && status.equals(OptionalInt.of(401));
  }

  /** The same result with another value in it. */
  default <R> ForgeResult<R> map(Function<? super T, ? extends R> reading) {
    return switch (this) {
      case Done<T>(T value, OptionalInt status) -> new Done<>(reading.apply(value), status);
      case Later<T>(Cause cause, OptionalInt status, String reason, Duration pause) ->
          new Later<>(cause, status, reason, pause);
      case Unclear<T>(OptionalInt status, String reason, Duration pause) ->
          new Unclear<>(status, reason, pause);
      case Refused<T>(Cause cause, OptionalInt status, String reason) ->
          new Refused<>(cause, status, reason);
      case NotBegun<T>() -> new NotBegun<>();
    };
  }

  /** Done with this value also where the forge does not know what the call is about. */
  default ForgeResult<T> orWhereNotFound(T value) {
    return this instanceof Refused<T>(Cause cause, OptionalInt status, String reason)
            && cause == Cause.NOT_FOUND
        ? new Done<>(value, status)
        : this;
  }

  /** Goes on with the value where there is one. */
  default <R> ForgeResult<R> then(Function<? super T, ForgeResult<R>> next) {
    return this instanceof Done<T>(T value, OptionalInt status) ? next.apply(value) : notDone();
  }

  /**
   * The same result of a call that has no value.
   *
   * @throws IllegalStateException where it has one
   */
  default <R> ForgeResult<R> notDone() {
    return map(
        value -> {
          throw new IllegalStateException("it is done");
        });
  }
}
