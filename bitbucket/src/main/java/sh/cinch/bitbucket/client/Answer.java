package sh.cinch.bitbucket.client;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** What became of a call to Bitbucket's API. */
public sealed interface Answer<T> {
  /**
   * @param status of the (last) request; creating answers 201, overwriting 200
   */
  record Ok<T>(T value, int status) implements Answer<T> {}

  /**
   * Any 4xx other than 429. Not always for good: Bitbucket has answered 404 to everything in an
   * outage, and 401 to a fresh token that lacks a scope.
   */
  record Refused<T>(int status, ApiError error) implements Answer<T> {}

  /**
   * 429.
   *
   * @param retryAfter mostly empty: Bitbucket is not known to say
   */
  record RateLimited<T>(Optional<Duration> retryAfter) implements Answer<T> {}

  /**
   * Nothing to rely on: 5xx, a redirect, a time-out, a broken connection, an answer that is not
   * what the API documents.
   *
   * @param what for people; no secrets
   * @param status empty where there was no answer
   * @param mayHaveHappened whether what was asked for may still have taken effect
   */
  record Unavailable<T>(String what, OptionalInt status, boolean mayHaveHappened)
      implements Answer<T> {}

  /** The same answer with another value in it. */
  default <R> Answer<R> map(Function<? super T, ? extends R> reading) {
    return switch (this) {
      case Ok<T>(T value, int status) -> new Ok<>(reading.apply(value), status);
      case Refused<T>(int status, ApiError error) -> new Refused<>(status, error);
      case RateLimited<T>(Optional<Duration> retryAfter) -> new RateLimited<>(retryAfter);
      case Unavailable<T>(String what, OptionalInt status, boolean mayHaveHappened) ->
          new Unavailable<>(what, status, mayHaveHappened);
    };
  }
}
